import { DirectoryError } from "../directory.ts";
import { attributeAt, booleanOf, countOf } from "./scimAttributes.ts";
import type { Deadline, ScimClient } from "./scimClient.ts";
import { isSuccess } from "./scimFailures.ts";

/** What a service says of itself. It may be missing or wrong: a hint, and never a reason to stop. */
export interface Announcement {
  /** `undefined`: no bulk. */
  bulk: { operations: number | undefined; bytes: number | undefined } | undefined;
  pagesByCursorOnly: boolean;
  usersPerPage: number | undefined;
}

const nothing: Announcement = { bulk: undefined, pagesByCursorOnly: false, usersPerPage: undefined };

/** An announcement changes rarely; where there is none, there may be one soon. */
const lifetimeMilliseconds = 3_600_000;
const absenceMilliseconds = 300_000;

/** The plural is that of SCIM 1.1. */
const paths = ["/ServiceProviderConfig", "/ServiceProviderConfigs"];

/**
 * Reads and remembers what the service announces.
 *
 * https://www.rfc-editor.org/rfc/rfc7643.html#section-5
 * https://www.rfc-editor.org/rfc/rfc9865.html#section-4
 */
export function scimDiscovery(client: ScimClient, now: () => number) {
  let known: { announcement: Announcement; until: number } | undefined;
  return async (deadline: Deadline): Promise<Announcement> => {
    if (known !== undefined && now() < known.until) return known.announcement;
    const announcement = await discover(client, deadline);
    const milliseconds = announcement === undefined ? absenceMilliseconds : lifetimeMilliseconds;
    known = { announcement: announcement ?? nothing, until: now() + milliseconds };
    return known.announcement;
  };
}

async function discover(client: ScimClient, deadline: Deadline): Promise<Announcement | undefined> {
  for (const path of paths) {
    const answer = await ask(client, path, deadline);
    if (answer === "unreachable") return undefined;
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** `undefined`: there is no such page. Whatever else is wrong will show in the calls that matter. */
async function ask(
  client: ScimClient,
  path: string,
  deadline: Deadline,
): Promise<Announcement | "unreachable" | undefined> {
  try {
    const { status, body } = await client.send({ method: "GET", path, repeatable: true }, deadline);
    if (status === 404) return undefined;
    if (!isSuccess({ status }) || body === undefined) return "unreachable";
    const isBulk = booleanOf(attributeAt(body, "bulk.supported")) === true;
    const pagesByCursor = booleanOf(attributeAt(body, "pagination.cursor")) === true;
    const pagesByIndex = booleanOf(attributeAt(body, "pagination.index")) !== false;
    return {
      bulk: isBulk
        ? {
            operations: positive(attributeAt(body, "bulk.maxOperations")),
            bytes: positive(attributeAt(body, "bulk.maxPayloadSize")),
          }
        : undefined,
      pagesByCursorOnly: pagesByCursor && !pagesByIndex,
      usersPerPage: positive(attributeAt(body, "pagination.maxPageSize")),
    };
  } catch (error) {
    if (error instanceof DirectoryError) return "unreachable";
    throw error;
  }
}

function positive(value: unknown): number | undefined {
  const count = countOf(value);
  return count === undefined || count === 0 ? undefined : count;
}
