import pMap from "p-map";
import type { DirectoryAccount, Found as FoundAccount } from "../../directory/directory.ts";
import type { JournalEntry } from "../../ledger/ledger.ts";
import type { History } from "../../ledger/personHistory.ts";
import type { FindAfterSuspension } from "../../policy/afterSuspension.ts";
import { redactForDisplay } from "../displayText.ts";
import { type Found, findWrongChanges, isMeant, type UndoFilter } from "./findWrongChanges.ts";
import { type KnownAccount, type PlannedUndo, planUndo, type UndoPlan } from "./planUndo.ts";

export interface PrepareUndoPorts {
  history: Pick<History, "between" | "ofPerson">;
  /** Names the ledger in the plan. */
  table: string;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Reads an account from its directory: a failure is told in the plan. `undefined` for one that the policy does not have. */
  readAccount: (accountId: string) => Promise<FoundAccount<DirectoryAccount> | undefined>;
  findAfterSuspension: FindAfterSuspension;
  onProgress: (progress: { people: number; all: number }) => void;
}

/** People whose histories are read at once: a request each. */
const peopleAtOnce = 16;

/**
 * Plans what takes back the decisions of a wrong feed, and changes nothing. It reads the index by time for the period, then the history
 * of each person whom these decisions changed, and each account once: what it reads does not grow with the rest of the ledger. Throws
 * what the ledger throws.
 */
export async function prepareUndo(filter: UndoFilter, ports: PrepareUndoPorts): Promise<PlannedUndo> {
  const { history, table, now, readAccount, findAfterSuspension, onProgress } = ports;
  const people = new Set<string>();
  const met = new Set<string>();
  const notYet = { held: 0, waiting: 0 };
  for await (const entry of history.between(filter.since, filter.until + 1)) {
    if (!isMeant(entry, filter)) continue;
    count(entry, notYet);
    met.add(entry.personId);
    if (mayHaveChanged(entry)) people.add(entry.personId);
  }
  const readAt = now();
  let read = 0;
  const findOne = async (personId: string): Promise<Found[]> => {
    const person = await history.ofPerson(personId);
    read += 1;
    onProgress({ people: read, all: people.size });
    return person === undefined ? [] : findWrongChanges(person, filter, readAt);
  };
  const found = (await pMap([...people].sort(), findOne, { concurrency: peopleAtOnce })).flat();
  const accounts = await readAccounts(found, readAccount);
  const redact = redactForDisplay(...(filter.people ?? []));
  const unmet = filter.people && [...filter.people].filter((personId) => !met.has(personId));
  const notFound = unmet === undefined ? {} : { notFound: unmet };
  return planUndo(found, { filter, accounts, findAfterSuspension, notYet, ...notFound, table, redact });
}

function count({ outcome }: JournalEntry, notYet: UndoPlan["notYet"]): void {
  if (outcome === "held") notYet.held += 1;
  else if (outcome === "deferred") notYet.waiting += 1;
}

/** A dead letter may have been carried out in part, and what needed no call may have kept an older decision out. */
function mayHaveChanged({ outcome }: JournalEntry): boolean {
  return outcome === "applied" || outcome === "rejected" || outcome === "unchanged";
}

async function readAccounts(
  found: readonly Found[],
  readAccount: PrepareUndoPorts["readAccount"],
): Promise<Map<string, KnownAccount>> {
  const ids = new Set(found.flatMap((one) => (one.kind === "wrong" ? [one.change.accountId] : [])));
  const accounts = new Map<string, KnownAccount>();
  for (const id of ids) {
    const answer = await readAccount(id);
    if (answer === undefined) continue;
    accounts.set(
      id,
      answer.kind === "found"
        ? { account: answer.value }
        : { problem: `${answer.failure.code}: ${answer.failure.message}` },
    );
  }
  return accounts;
}
