import * as z from "zod";
import { TemplateError } from "../templateError.ts";
import type { ResourceView } from "./resourceType.ts";

/**
 * Resolves a resource's properties and checks them against a strict schema, so that a property which the model
 * does not have stops the run instead of being passed over. `ignored` names those that change nothing here.
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

/** CloudFormation takes numbers and truth values as texts as well. */
export const integer = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

export const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

export const text = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);
