import * as z from "zod";
import type { QueuePolicy } from "./queuePolicy.ts";
import type {
  BusModel,
  FunctionModel,
  MappingModel,
  QueueModel,
  RuleModel,
  TableModel,
} from "./stackModel.ts";
import { type Place, type TemplateContext, TemplateError } from "./templateDocument.ts";

/** What one resource adds to the stack's model. */
export type ModelPart =
  | { kind: "queue"; queue: QueueModel }
  | { kind: "queuePolicy"; queueUrls: readonly string[]; policy: QueuePolicy; place: Place }
  | { kind: "bus"; bus: BusModel }
  | { kind: "rule"; rule: RuleModel }
  | { kind: "function"; function: FunctionModel }
  | { kind: "functionUrl"; functionArn: string; authType: "NONE" | "AWS_IAM"; place: Place }
  | { kind: "mapping"; mapping: MappingModel }
  | { kind: "table"; table: TableModel };

/** One resource of the template, as the reader of its type sees it. */
export interface ResourceView {
  logicalId: string;
  place: Place;
  context: TemplateContext;
  /** Resolves one property without touching the others. */
  property: (name: string) => unknown;
  /** Resolves all properties except those named, such as `Tags`, or `Code.S3Bucket` inside another. */
  propertiesBut: (ignored: readonly string[]) => unknown;
}

/** How the embedded stack reads one type of resource. */
export interface ResourceType {
  /** The result of `Ref`; absent if nothing that is modelled uses it. */
  ref?: (resource: ResourceView) => string;
  /** The result of `Fn::GetAtt`, by attribute. */
  attributes: Readonly<Record<string, (resource: ResourceView) => string>>;
  read: (resource: ResourceView) => ModelPart;
}

/**
 * Returns the name in that property or, without one, a name like CloudFormation's. AWS appends random characters;
 * here the name stays the same from run to run.
 */
export function physicalName(resource: ResourceView, property: string): string {
  const name = resource.property(property);
  return typeof name === "string" ? name : `${resource.context.stackName}-${resource.logicalId}`;
}

/**
 * Resolves a resource's properties and checks them against a strict schema. An unknown property throws instead of
 * being ignored silently. `ignored` lists the properties that have no effect here.
 */
export function readProperties<Schema extends z.ZodObject>(
  resource: ResourceView,
  schema: Schema,
  ignored: readonly string[],
): z.output<Schema> {
  const parsed = schema.safeParse(resource.propertiesBut(ignored));
  if (parsed.success) return parsed.data;

  const [issue] = parsed.error.issues;
  const keys = issue?.code === "unrecognized_keys" ? issue.keys : [];
  const place = [...resource.place, "Properties", ...(issue?.path ?? []).map(String), ...keys.slice(0, 1)];
  const supported = `Supported: ${Object.keys(schema.shape).join(", ")}. Ignored: ${ignored.join(", ")}.`;
  throw new TemplateError(
    place,
    keys.length > 0
      ? `the embedded stack does not support ${keys.join(", ")} here, and ignoring it would change what the stack does. ${supported}`
      : `${issue?.message ?? "invalid"}. ${supported}`,
  );
}

/** CloudFormation accepts numbers and booleans as text too. */
export const integer = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

export const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

export const text = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);
