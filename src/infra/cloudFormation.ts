/** A value of a CloudFormation property, as far as the template uses them. */
export type Value = string | number | boolean | Value[] | { [key: string]: Value };

export interface Resource {
  Type: string;
  /**
   * Kept when the stack is deleted, and deleted when the deployment that creates it is rolled back: what is kept under a fixed
   * name would block every later first deployment.
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
   */
  DeletionPolicy?: "RetainExceptOnCreate";
  UpdateReplacePolicy?: "Retain";
  DependsOn?: string[];
  Properties: { [key: string]: Value };
}

export type Resources = Record<string, Resource>;

export const ref = (logicalId: string): Value => ({ Ref: logicalId });
export const arnOf = (logicalId: string): Value => ({ "Fn::GetAtt": [logicalId, "Arn"] });
export const attributeOf = (logicalId: string, attribute: string): Value => ({
  "Fn::GetAtt": [logicalId, attribute],
});
export const sub = (text: string): Value => ({ "Fn::Sub": text });

/** An IAM statement. A type and not an interface, because only a type is a `Value` too. */
export type Statement = {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Principal?: Value;
  Action: string[];
  /** Absent only in a role's trust policy, where it is the role itself. */
  Resource?: Value;
  Condition?: Value;
};

export function policyDocument(statements: readonly Statement[]): Value {
  return { Version: "2012-10-17", Statement: [...statements] };
}

/** The environment variables of every function, for its log and its metrics. */
export const observedEnvironment = {
  LOG_LEVEL: "INFO",
  // A trace in the log names the sources. Node.js 24 reads the map when it first writes a trace, so a cold start costs no more.
  NODE_OPTIONS: "--enable-source-maps",
  // A dimension of every metric, which keeps the stages of one AWS account apart.
  POWERTOOLS_SERVICE_NAME: ref("AWS::StackName"),
};
