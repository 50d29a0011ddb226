import type { DirectoryAccount, DirectoryUser, Failure } from "../../src/directory/directory.ts";
import type { RecordedCall } from "../directory/fakeDirectory.ts";

/** Reads the fake's records: what a caller may know of an account and of an address by the answers that it got. */

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

export function toldOf(
  calls: readonly RecordedCall[],
  accountId: string,
): DirectoryAccount | Failure | undefined {
  const call = calls.find(
    ({ request }) => request.operation === "getAccount" && request.accountId === accountId,
  );
  if (call?.failure !== undefined) return call.failure;
  return call?.answer !== undefined && "capabilities" in call.answer ? call.answer : undefined;
}

type Told = DirectoryUser | Failure | "nobody" | "nothing";

/** The first of the addresses that somebody has, as far as the answers go. */
export function toldAbout(
  reads: readonly RecordedCall[],
  accountId: string,
  addresses: readonly string[],
): Told {
  const own = reads.filter(({ request }) => request.accountId === accountId);
  for (const address of addresses) {
    const told = toldAboutOne(own, address);
    if (told !== "nobody") return told;
  }
  return "nobody";
}

function toldAboutOne(reads: readonly RecordedCall[], address: string): Told {
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
