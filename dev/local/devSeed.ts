import { readFile } from "node:fs/promises";
import { licenses } from "@rollcall/chime-simulator/chimeApi";
import * as z from "zod";
import { describeFileError } from "../../src/cli/files.ts";
import { parseJson } from "../../src/events/boundedJson.ts";

/** A user who is in a directory at the start. */
export interface SeededUser {
  accountId: string;
  email: string;
  license?: (typeof licenses)[number] | undefined;
  isSuspended: boolean;
}

/** Who is in the directories at the start: the people of the sample day, or those of a list. */
export type DevSeed = { kind: "sample" } | { kind: "listed"; users: readonly SeededUser[] };

const lineSchema = z
  .strictObject({
    account: z.string().min(1),
    email: z.email().toLowerCase(),
    license: z.enum(licenses).optional(),
    suspended: z.boolean().default(false),
  })
  .transform(({ account: accountId, suspended: isSuspended, ...user }) => ({
    accountId,
    isSuspended,
    ...user,
  }));

/**
 * Reads `sample`, `empty`, or a file with a JSON object for each user in a line. The message says what is wrong with it.
 *
 * @param accountIds those that the directories have
 */
export async function readSeed(
  named: string,
  accountIds: readonly string[],
): Promise<DevSeed | { kind: "unreadable"; message: string }> {
  if (named === "sample") return { kind: "sample" };
  if (named === "empty") return { kind: "listed", users: [] };
  let text: string;
  try {
    text = await readFile(named, "utf8");
  } catch (error) {
    const message = `expected --seed to be sample, empty or a file; cannot read ${named}: ${describeFileError(error)}`;
    return { kind: "unreadable", message };
  }
  const users: SeededUser[] = [];
  const taken = new Set<string>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const { data: user, error } = lineSchema.safeParse(parseJson(line));
    const fault = user === undefined ? z.prettifyError(error) : faultOf(user, accountIds, taken);
    if (user === undefined || fault !== undefined) {
      const expected = `{"account": "${accountIds[0]}", "email": "ada@example.com", "license": "Pro", "suspended": false}`;
      return { kind: "unreadable", message: `${named}, line ${index + 1}: ${fault}; expected ${expected}` };
    }
    users.push(user);
  }
  return { kind: "listed", users };
}

function faultOf(
  { accountId, email }: SeededUser,
  accountIds: readonly string[],
  taken: Set<string>,
): string | undefined {
  if (!accountIds.includes(accountId))
    return `there is no account ${accountId}, but ${accountIds.join(", ")}`;
  const key = `${accountId} ${email}`;
  if (taken.has(key)) return "this user stands there twice";
  taken.add(key);
  return undefined;
}
