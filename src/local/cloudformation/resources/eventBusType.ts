import * as z from "zod";
import { arnOf } from "../templateContext.ts";
import { readProperties } from "./readProperties.ts";
import { physicalName, type ResourceType, type ResourceView } from "./resourceType.ts";

const properties = z.strictObject({ Name: z.string() });

/** Encryption, logging and tags; the bus's own policy concerns other accounts only. */
const ignored = ["Description", "KmsKeyIdentifier", "LogConfig", "Policy", "Tags"];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-events-eventbus.html */
export const eventBusType: ResourceType = {
  ref: busName,
  attributes: { Arn: busArn, Name: busName },
  read: (resource) => {
    const { Name: name } = readProperties(resource, properties, ignored);
    return { kind: "bus", bus: { logicalId: resource.logicalId, name, arn: busArn(resource) } };
  },
};

function busName(resource: ResourceView): string {
  return physicalName(resource, "Name");
}

function busArn(resource: ResourceView): string {
  return arnOf(resource.context, "events", `event-bus/${busName(resource)}`);
}
