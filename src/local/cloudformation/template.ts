import * as z from "zod";
import { TemplateError } from "./templateError.ts";

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
  /** A macro rewrites the template on AWS's side, so what it would become cannot be known here. */
  Transform: z
    .undefined({ error: "expected a template without Transform; package it without macros" })
    .optional(),
});

export type Template = z.infer<typeof schema>;
export type TemplateResource = Template["Resources"][string];

/** Checks that a value has the shape of a CloudFormation template. What stands in it is read later. */
export function parseTemplate(value: unknown): Template {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TemplateError(["Template"], z.prettifyError(parsed.error));
}
