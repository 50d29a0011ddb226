import type { DirectoryAccount, DirectoryUser, Failure } from "../../src/directory/directory.ts";
import type { RecordedCall } from "../directory/fakeDirectory.ts";

/** Reads the fake directory's recorded calls: what a caller knows of an account and of an address by their answers. */

export interface Round {
  reads: readonly RecordedCall[];
  batches: readonly RecordedCall[];
}

/** `team` for `ada@team.example`; the accounts of the tests are named so. */
export function accountOf(email: string): string | undefined {
  return /@(team|lwa|oidc|closed)\.example$/.exec(email)?.[1];
}

/** Reading and calling take turns: the first calls follow the first reads, and reads after those begin a new round. */
export function roundsOf(calls: readonly RecordedCall[]): [Round, Round] {
  const isBatch = ({ request }: RecordedCall) => "entries" in request;
  const firstBatch = indexOr(calls, 0, isBatch);
  const secondRead = indexOr(calls, firstBatch, (call) => !isBatch(call));
  const secondBatch = indexOr(calls, secondRead, isBatch);
  return [
    { reads: calls.slice(0, firstBatch), batches: calls.slice(firstBatch, secondRead) },
    { reads: calls.slice(secondRead, secondBatch), batches: calls.slice(secondBatch) },
  ];
}

export function accountRead(
  calls: readonly RecordedCall[],
  accountId: string,
): DirectoryAccount | Failure | undefined {
  const call = calls.find(
    ({ request }) => request.operation === "getAccount" && request.accountId === accountId,
  );
  if (call?.failure !== undefined) return call.failure;
  return call?.answer !== undefined && "capabilities" in call.answer ? call.answer : undefined;
}

type UserRead = DirectoryUser | Failure | "nobody" | "nothing";

/** The user of the first address that has one, as far as the answers say. */
export function userRead(
  reads: readonly RecordedCall[],
  accountId: string,
  addresses: readonly string[],
): UserRead {
  const own = reads.filter(({ request }) => request.accountId === accountId);
  for (const address of addresses) {
    const user = userReadAt(own, address);
    if (user !== "nobody") return user;
  }
  return "nobody";
}

function userReadAt(reads: readonly RecordedCall[], address: string): UserRead {
  const asked = reads.find(({ request }) => request.operation === "findUser" && request.email === address);
  if (asked !== undefined) {
    if (asked.failure !== undefined) return asked.failure;
    return asked.answer !== undefined && "userId" in asked.answer ? asked.answer : "nobody";
  }
  const pages = reads.flatMap(({ answer }) => (answer !== undefined && "users" in answer ? [answer] : []));
  const user = pages.flatMap(({ users }) => users).find(({ email }) => email === address);
  if (user !== undefined) return user;
  const failed = reads.find(({ request, failure }) => request.operation === "listUsers" && failure);
  if (failed?.failure !== undefined) return failed.failure;
  return pages.some(({ nextPageToken }) => nextPageToken === undefined) ? "nobody" : "nothing";
}

function indexOr(
  calls: readonly RecordedCall[],
  from: number,
  fits: (call: RecordedCall) => boolean,
): number {
  const index = calls.findIndex((call, at) => at >= from && fits(call));
  return index === -1 ? calls.length : index;
}
