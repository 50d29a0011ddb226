import * as z from "zod";
import { parseQueuePolicy } from "../policy/parseQueuePolicy.ts";
import { readProperties } from "./readProperties.ts";
import type { ResourceType } from "./resourceType.ts";

const properties = z.strictObject({ Queues: z.array(z.string()).min(1), PolicyDocument: z.unknown() });

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sqs-queuepolicy.html */
export const queuePolicyType: ResourceType = {
  attributes: {},
  read: (resource) => {
    const { Queues, PolicyDocument } = readProperties(resource, properties, []);
    const place = [...resource.place, "Properties"];
    return {
      kind: "queuePolicy",
      queueUrls: Queues,
      policy: parseQueuePolicy(PolicyDocument, [...place, "PolicyDocument"]),
      place: [...place, "Queues"],
    };
  },
};
