import * as z from "zod";
import { isJsonObject } from "../../events/jsonObject.ts";
import type { Question } from "../reading.ts";
import type { HiBobSettings } from "./hiBobSettings.ts";

/** The fields that are asked for, by HiBob's own ids. */
const paths = {
  email: "root.email",
  status: "internal.lifecycleStatus",
  terminationDate: "internal.terminationDate",
  role: "work.title",
  location: "work.site",
} as const;

export const terminationDateField = paths.terminationDate;

export interface HiBobPerson {
  email: string | undefined;
  /** Lower-case: as people see it, and as HiBob itself calls it. None, if the service user may not read it. */
  statuses: readonly string[];
  /** `2026-05-15` */
  terminationDate: string | undefined;
  role: string | undefined;
  location: string | undefined;
}

/** https://apidocs.hibob.com/reference/post_people-identifier */
export function personQuestion(employeeId: string, { url, user, token }: HiBobSettings["api"]): Question {
  return {
    method: "POST",
    url: `${url}/v1/people/${employeeId}`,
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      authorization: `Basic ${btoa(`${user}:${token}`)}`,
    },
    // Statuses, titles and sites are lists, so their names are wanted beside the ids of their entries. Not in their place:
    // dates would come as the service user's own settings write them, and 08/09/2026 is two days.
    body: JSON.stringify({ fields: Object.values(paths), humanReadable: "APPEND" }),
  };
}

/** The person in HiBob's answer; `undefined` if it is no person. */
export function readPerson(answer: unknown): HiBobPerson | undefined {
  if (!isJsonObject(answer)) return undefined;
  const value = (path: string) => fieldOf(answer, path);
  const nameOnly = (path: string) => fieldOf(answer.humanReadable, path);
  const name = (path: string) => nameOnly(path) ?? value(path);
  return {
    email: value(paths.email),
    statuses: [nameOnly(paths.status), value(paths.status)].flatMap((text = "") => text.toLowerCase() || []),
    terminationDate: value(paths.terminationDate),
    role: name(paths.role),
    location: name(paths.location),
  };
}

/** Fields come under their path or nested by it; those of the root without its name. */
function fieldOf(fields: unknown, path: string): string | undefined {
  if (!isJsonObject(fields)) return undefined;
  return textOf(fields[`/${path.replaceAll(".", "/")}`]) ?? textOf(nested(fields, path));
}

function nested(fields: unknown, path: string): unknown {
  return path
    .split(".")
    .filter((name) => name !== "root")
    .reduce<unknown>((value, name) => (isJsonObject(value) ? value[name] : undefined), fields);
}

const text = z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)]);

function textOf(value: unknown): string | undefined {
  return text.safeParse(value).data?.trim() || undefined;
}
