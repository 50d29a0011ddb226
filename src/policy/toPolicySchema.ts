import * as z from "zod";
import { policySchema } from "./policy.ts";

/**
 * The JSON Schema of `policy.yml` (draft 7, which editors' YAML servers know best), as it is written: fields with a default
 * may be left out. What one account says about another is out of its reach: `rollcall policy check` tells.
 */
export function toPolicySchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(policySchema, { target: "draft-7", io: "input" });
  return { $schema, title: "policy.yml", description: "Whose access Rollcall manages, and how.", ...rest };
}
