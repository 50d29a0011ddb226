import * as z from "zod";
import { resources } from "./packagedTemplate.ts";

const oneOrMore = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const statementSchema = z.looseObject({
  Effect: z.enum(["Allow", "Deny"]),
  Action: oneOrMore.default([]),
  Resource: oneOrMore.default([]),
});
type Statement = z.output<typeof statementSchema>;

/** Every policy statement, wherever in the template it stands. */
export function statementsIn(value: unknown): Statement[] {
  if (typeof value !== "object" || value === null) return [];
  if ("Effect" in value) return [statementSchema.parse(value)];
  return Object.values(value).flatMap(statementsIn);
}

/** Those of the whole template. */
export const statements = statementsIn(resources);
