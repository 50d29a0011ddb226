import * as z from "zod";
import { NotModelledError } from "../templateError.ts";
import { readProperties } from "./readProperties.ts";
import type { ResourceType } from "./resourceType.ts";

const properties = z.strictObject({
  AuthType: z.enum(["NONE", "AWS_IAM"]),
  TargetFunctionArn: z.string(),
  InvokeMode: z.literal("BUFFERED").optional(),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-url.html */
export const functionUrlType: ResourceType = {
  attributes: {
    // Known only when the stack runs, and this model is what the stack is made from.
    FunctionUrl: ({ place, logicalId }) => {
      throw new NotModelledError(place, `Fn::GetAtt ${logicalId}.FunctionUrl`, "the URL itself", [
        "its AuthType",
      ]);
    },
  },
  read: (resource) => {
    const { AuthType: authType, TargetFunctionArn: functionArn } = readProperties(resource, properties, []);
    return { kind: "functionUrl", functionArn, authType, place: resource.place };
  },
};
