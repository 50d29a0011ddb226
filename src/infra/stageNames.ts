import type { Resources, Value } from "./cloudFormation.ts";

/** A name that a deployment creates, with its limit. */
interface LimitedName {
  kind: string;
  name: string;
  limit: number;
}

/**
 * How long the names of a stack's resources may be. What has no name in the template gets one from CloudFormation, which cuts
 * it to its limit.
 *
 * Functions: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html; queues:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html; stacks:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
 */
const longestStackName = 128;
const longestFunctionName = 64;
const limitOf: Readonly<Record<string, { property: string; limit: number }>> = {
  "AWS::SQS::Queue": { property: "QueueName", limit: 80 },
  "AWS::DynamoDB::Table": { property: "TableName", limit: 255 },
  "AWS::Events::EventBus": { property: "Name", limit: 256 },
  "AWS::Events::Rule": { property: "Name", limit: 64 },
  "AWS::IAM::Role": { property: "RoleName", limit: 64 },
  "AWS::CloudWatch::Alarm": { property: "AlarmName", limit: 255 },
  "AWS::CloudWatch::Dashboard": { property: "DashboardName", limit: 255 },
};

/** Throws an error that tells the longest stage that fits, if the stage makes a name of the stack longer than AWS allows. */
export function checkStage(
  { service, stage }: { service: string; stage: string },
  { functions, resources }: { functions: Record<string, Value>; resources: { Resources: Resources } },
): void {
  const stackName = `${service}-${stage}`;
  const names: LimitedName[] = [
    { kind: "stack", name: stackName, limit: longestStackName },
    ...Object.keys(functions).map((name) => ({
      kind: "function",
      name: `${stackName}-${name}`,
      limit: longestFunctionName,
    })),
    ...Object.values(resources.Resources).flatMap((resource) => nameOf(resource, stackName)),
  ];
  const excess = ({ name, limit }: LimitedName) => name.length - limit;
  const worst = names.reduce((one, other) => (excess(other) > excess(one) ? other : one));
  if (excess(worst) <= 0) return;
  throw new Error(
    `expected a stage of at most ${stage.length - excess(worst)} characters; got "${stage}", which has ${stage.length}. The ${worst.kind} ${worst.name} would have ${worst.name.length} characters, and AWS allows ${worst.limit}. Choose a shorter --stage`,
  );
}

function nameOf({ Type, Properties }: Resources[string], stackName: string): LimitedName[] {
  const limited = limitOf[Type];
  const name = limited && toText(Properties[limited.property], stackName);
  return limited === undefined || name === undefined ? [] : [{ kind: Type, name, limit: limited.limit }];
}

/** The names of the template are the stack's own, or `Fn::Sub` with it. */
function toText(value: Value | undefined, stackName: string): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || Array.isArray(value)) return undefined;
  if (value.Ref === "AWS::StackName") return stackName;
  const text = value["Fn::Sub"];
  return typeof text === "string" ? text.replaceAll(`\${AWS::StackName}`, stackName) : undefined;
}
