/** Where the template would be deployed to: what CloudFormation answers for the pseudo parameters. */
export interface TemplateContext {
  accountId: string;
  region: string;
  partition: string;
  stackName: string;
  /** The URL of a queue at the local SQS endpoint, from its name. */
  queueUrl: (queueName: string) => string;
  /** Values for the template's own parameters; others take their default. */
  parameters?: Readonly<Record<string, string>>;
}

/** The ARN of something in this account and region. */
export function arnOf(context: TemplateContext, service: string, resource: string): string {
  const { partition, region, accountId } = context;
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
export function pseudoParameter(name: string, context: TemplateContext): string | undefined {
  switch (name) {
    case "AWS::AccountId":
      return context.accountId;
    case "AWS::Region":
      return context.region;
    case "AWS::Partition":
      return context.partition;
    case "AWS::StackName":
      return context.stackName;
    case "AWS::StackId":
      return arnOf(
        context,
        "cloudformation",
        `stack/${context.stackName}/00000000-0000-0000-0000-000000000000`,
      );
    case "AWS::URLSuffix":
      return context.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
    default:
      return undefined;
  }
}
