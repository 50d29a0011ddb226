import type { Directory } from "../directory/directory.ts";
import { attempt, type Budget } from "./attempt.ts";
import type { Found } from "./person.ts";

/** Counts an account's users who are registered and not suspended: a call for each page of its directory. */
export async function countActiveUsers(
  accountId: string,
  { directory, budget }: { directory: Directory; budget: Budget },
): Promise<Found<number>> {
  let count = 0;
  let pageToken: string | undefined;
  do {
    const page = await attempt(budget, (time) => directory.listUsers(accountId, pageToken, time));
    if (page.kind === "failed") return page;
    count += page.value.users.filter(({ status }) => status === "registered").length;
    pageToken = page.value.nextPageToken;
  } while (pageToken !== undefined);
  return { kind: "found", value: count };
}
