import * as z from "zod";
import type { BambooHrSettings, FieldName } from "./bambooHrSettings.ts";

/** What a webhook, with a look-up or without one, tells of an employee. */
export interface Employee {
  id: string;
  eventId: string;
  action: "created" | "updated" | "deleted";
  occurredAt: string;
  /** Whether the message is about that field; `undefined` if it does not say what it is about. */
  hasChanged: ((field: FieldName) => boolean) | undefined;
  /** Trimmed; `undefined` for what is empty or was not sent. */
  valueOf: (field: FieldName) => string | undefined;
}

/** A value may come as it is or in an object of its own. */
const plainValue = z.union([z.string(), z.number()]).transform((value) => String(value).trim());
const fieldValue = z.union([plainValue, z.object({ value: plainValue }).transform(({ value }) => value)]);

export function valueFinder(fields: Readonly<Record<string, unknown>>, names: BambooHrSettings["fields"]) {
  const known = new Map(Object.entries(fields).map(([name, value]) => [normal(name), value]));
  return (field: FieldName): string | undefined => {
    for (const name of names[field]) {
      const { data } = fieldValue.safeParse(known.get(normal(name)));
      if (data) return data;
    }
    return undefined;
  };
}

export function changeFinder(
  changedFields: readonly string[] | undefined,
  names: BambooHrSettings["fields"],
): Employee["hasChanged"] {
  if (changedFields === undefined) return undefined;
  const changed = new Set(changedFields.map(normal));
  return (field) => names[field].some((name) => changed.has(normal(name)));
}

/** `Work Email` and `workEmail` are one field. */
function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}
