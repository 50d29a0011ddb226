import * as z from "zod";
import { type Place, TemplateError } from "./templateDocument.ts";

/** The resource policy of a queue, as far as it concerns EventBridge. */
export interface QueuePolicy {
  statements: PolicyStatement[];
}

export interface PolicyStatement {
  /** The Sid, or the statement's number if it has none. For messages. */
  label: string;
  effect: "Allow" | "Deny";
  /** Service principals; empty if only AWS identities are meant, which EventBridge is not. */
  services: "anyone" | string[];
  /** In lower case, with `*` and `?`: IAM compares actions without regard to case. */
  actions: string[];
  resources: string[];
  /** All of them must hold. */
  conditions: PolicyCondition[];
}

export interface PolicyCondition {
  operator: ConditionOperator;
  key: ConditionKey;
  /** The condition holds if any of them matches. */
  values: string[];
}

const conditionOperators = ["ArnEquals", "ArnLike", "Bool", "StringEquals", "StringLike"] as const;
type ConditionOperator = (typeof conditionOperators)[number];

/** The modelled condition keys of EventBridge's requests. IAM compares their names without regard to case. */
const conditionKeys = ["aws:SecureTransport", "aws:SourceAccount", "aws:SourceArn"] as const;
export type ConditionKey = (typeof conditionKeys)[number];

/** IAM policies may omit the brackets of a list with one element. */
function oneOrMore<Element extends z.ZodType>(element: Element) {
  return z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(element).min(1));
}

const texts = oneOrMore(z.string());
const conditionValues = oneOrMore(z.union([z.string(), z.boolean().transform(String)]));

const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Principal: z.union([z.literal("*"), z.strictObject({ AWS: texts.optional(), Service: texts.optional() })]),
  Action: texts,
  Resource: texts,
  Condition: z.record(z.string(), z.record(z.string(), conditionValues)).default({}),
});

const document = z.strictObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: oneOrMore(statement),
});

/**
 * Reads the policy of a queue from resolved JSON. It throws for NotAction, NotPrincipal, NotResource, policy
 * variables, and operators and keys that are not modelled: a guess could let a mistake pass as tested.
 */
export function parseQueuePolicy(value: unknown, place: Place): QueuePolicy {
  const parsed = document.safeParse(value);
  if (!parsed.success) throw new TemplateError(place, z.prettifyError(parsed.error));
  return {
    statements: parsed.data.Statement.map((one, index) =>
      toStatement(one, [...place, "Statement", String(index)]),
    ),
  };
}

function toStatement(one: z.output<typeof statement>, place: Place): PolicyStatement {
  const principal = one.Principal;
  const isAnyone = principal === "*" || principal.AWS?.includes("*") === true;
  return {
    label: one.Sid ?? `number ${place.at(-1)}`,
    effect: one.Effect,
    services: isAnyone ? "anyone" : (principal.Service ?? []),
    actions: one.Action.map((action) => action.toLowerCase()),
    resources: one.Resource,
    conditions: Object.entries(one.Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, expected]) =>
        toCondition({ operator, key, values: expected }, [...place, "Condition", operator]),
      ),
    ),
  };
}

function toCondition(
  condition: { operator: string; key: string; values: string[] },
  place: Place,
): PolicyCondition {
  const operator = conditionOperators.find((known) => known === condition.operator);
  const key = conditionKeys.find((known) => known.toLowerCase() === condition.key.toLowerCase());
  if (operator === undefined || key === undefined || condition.values.some((value) => value.includes("${"))) {
    throw new TemplateError(
      [...place, condition.key],
      `expected one of the operators ${conditionOperators.join(", ")} with one of the keys ${conditionKeys.join(", ")}, and no policy variable; got ${JSON.stringify(condition.values)}.`,
    );
  }
  return { operator, key, values: condition.values };
}
