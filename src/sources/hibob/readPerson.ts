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

export type HiBobPerson = { [Field in keyof typeof paths]: string | undefined };

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
    // Names instead of the ids of list entries: statuses, titles and sites are lists.
    body: JSON.stringify({ fields: Object.values(paths), humanReadable: "REPLACE" }),
  };
}

/** The person in HiBob's answer; `undefined` if it is no person. */
export function readPerson(answer: unknown): HiBobPerson | undefined {
  if (!isJsonObject(answer)) return undefined;
  const field = (path: string) => textOf(answer[`/${path.replaceAll(".", "/")}`] ?? nested(answer, path));
  return {
    email: field(paths.email),
    status: field(paths.status)?.toLowerCase(),
    terminationDate: field(paths.terminationDate),
    role: field(paths.role),
    location: field(paths.location),
  };
}

/** Fields come under their path or nested by it; those of the root without its name. */
function nested(answer: unknown, path: string): unknown {
  return path
    .split(".")
    .filter((name) => name !== "root")
    .reduce<unknown>((value, name) => (isJsonObject(value) ? value[name] : undefined), answer);
}

const text = z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)]);

function textOf(value: unknown): string | undefined {
  return text.safeParse(value).data?.trim() || undefined;
}
