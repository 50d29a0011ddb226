import * as z from "zod";

const json = z.record(z.string(), z.unknown());

const schema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: json.default({}), Condition: z.string().optional() }),
  ),
  Parameters: z
    .record(z.string(), z.object({ Type: z.string(), Default: z.unknown().optional() }))
    .default({}),
  Conditions: json.default({}),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Condition: z.string().optional() }))
    .default({}),
  /** A macro rewrites the template in AWS, so its result cannot be known here. */
  Transform: z
    .undefined({ error: "expected a template without Transform; package it without macros" })
    .optional(),
});

export type Template = z.infer<typeof schema>;
export type TemplateResource = Template["Resources"][string];

/** Checks that a value has the shape of a CloudFormation template. Properties are checked later. */
export function parseTemplate(value: unknown): Template {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TemplateError(["Template"], z.prettifyError(parsed.error));
}

/** Where the template is deployed: the values of the pseudo parameters. */
export interface TemplateContext {
  accountId: string;
  region: string;
  partition: string;
  stackName: string;
  /** Returns the URL of a queue at the local SQS endpoint. */
  queueUrl: (queueName: string) => string;
  /** Values of the template's parameters; all others take their default. */
  parameters?: Readonly<Record<string, string>>;
}

/** Returns the ARN of a resource in this account and region. */
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

/** A place in a template: the logical id first, then the keys below it. */
export type Place = readonly string[];

/** Thrown for a template that CloudFormation would refuse, or that needs what the embedded stack does not have. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly place: string;

  constructor(place: Place, problem: string) {
    super(`${place.join(".")}: ${problem}`);
    this.place = place.join(".");
  }
}

/** Thrown for a reference to a resource of a type that is not modelled. */
export class NotModelledError extends TemplateError {
  constructor(place: Place, reference: string, type: string, known: readonly string[]) {
    super(
      place,
      `${reference} needs ${type}, which the embedded stack does not model. It models ${known.join(", ")}.`,
    );
  }
}
