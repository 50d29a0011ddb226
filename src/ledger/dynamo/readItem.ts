import * as z from "zod";
import type { Item } from "./ledgerTable.ts";

/** Attributes of an item, as DynamoDB writes them: `{"S": "text"}`, `{"SS": ["text"]}` and `{"N": "1"}`. */
export const textAttribute = z.object({ S: z.string() }).transform(({ S }) => S);
export const textsAttribute = z.object({ SS: z.array(z.string()) }).transform(({ SS }) => SS);
export const numberAttribute = z.object({ N: z.string() }).transform(({ N }) => Number(N));

/** Reads an item of the ledger. Throws for one that this version does not write, and names the item and the attribute. */
export function readItem<T extends z.ZodType>(schema: T, item: Item): z.output<T> {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Error(
    `the ledger's item ${item.pk?.S} ${item.sk?.S} is not as this version of Rollcall writes it (${problems.join("; ")}); read it with the version that is deployed`,
  );
}
