import { type ContenderName, contenders } from "../contenders/contenders.ts";
import { personOf } from "../scenarios/people.ts";
import { batchesOf, type Change, messageIdOf, usersOfDirectory } from "../scenarios/scenarios.ts";
import type { Run } from "./runContender.ts";

/** What is wrong with a run: its results, the state that it left, or its number of calls. Empty if all is right. */
export function findFaults({ contender, failures, chime }: Run, changes: readonly Change[]): string[] {
  const done = (intent: Change["intent"]) =>
    changes
      .filter((change) => change.intent === intent && !change.fails)
      .map(({ ordinal }) => personOf(ordinal).userId);
  const failing = changes.filter(({ fails }) => fails).map(({ ordinal }) => messageIdOf(ordinal));
  return [
    ...differences("messages reported as failed", failures, failing),
    ...differences("suspended users", chime.suspended, done("offboard")),
    ...differences("users with the new license", chime.licensed, done("relicense")),
    ...wrongCounts(chime.calls, expectedCalls(contender, changes)),
  ];
}

function differences(what: string, actual: readonly string[], expected: readonly string[]): string[] {
  const found = new Set(actual);
  const wanted = new Set(expected);
  const missing = [...wanted].filter((id) => !found.has(id)).length;
  const excess = actual.length - (wanted.size - missing);
  if (missing === 0 && excess === 0) return [];
  return [`${what}: expected ${wanted.size}, got ${actual.length}; ${missing} missing, ${excess} too many`];
}

function wrongCounts(calls: Run["chime"]["calls"], expected: ReturnType<typeof expectedCalls>): string[] {
  const operations = new Set([...Object.keys(calls), ...Object.keys(expected)]);
  return [...operations].flatMap((operation) => {
    const { least, most } = expected[operation] ?? { least: 0, most: 0 };
    const made = calls[operation]?.calls ?? 0;
    if (least <= made && made <= most) return [];
    const range = least === most ? `${least}` : `${least} to ${most}`;
    return [`${operation}: expected ${range} calls, got ${made}`];
  });
}

/** What one call may carry, by the API reference: written down anew, so that a wrong limit in the service shows. */
const usersPerSuspension = 50;
const usersPerUpdate = 20;
const usersPerPage = 200;

/** How many calls of an operation a contender may make. */
interface CallRange {
  least: number;
  most: number;
}

/** The calls that a contender makes if it does what is said of it, by operation. No other operation may be called. */
function expectedCalls(contender: ContenderName, changes: readonly Change[]): Record<string, CallRange> {
  const ranges = contenders[contender].calls === "fewest" ? fewestCalls(changes) : callsPerRecord(changes);
  return Object.fromEntries(Object.entries(ranges).filter(([, { most }]) => most > 0));
}

function callsPerRecord(changes: readonly Change[]): Record<string, CallRange> {
  return {
    BatchSuspendUser: exactly(changes.filter(({ intent }) => intent === "offboard").length),
    UpdateUser: exactly(changes.filter(({ intent }) => intent === "relicense").length),
    ListUsers: exactly(changes.filter(({ byEmail }) => byEmail).length),
  };
}

/**
 * Full calls but for each batch's last one. Whoever is not known by id is found by a scan of the directory in each
 * batch at most, and the account's type is asked for once; more often only where a run takes longer than it is cached.
 */
function fewestCalls(changes: readonly Change[]): Record<string, CallRange> {
  const batches = batchesOf(changes);
  const sum = (calls: (batch: readonly Change[]) => number) =>
    batches.reduce((total, batch) => total + calls(batch), 0);
  const full = (intent: Change["intent"], limit: number) =>
    sum((batch) => (batch[0]?.intent === intent ? Math.ceil(batch.length / limit) : 0));
  const pages = Math.ceil(usersOfDirectory(changes.length) / usersPerPage);
  return {
    BatchSuspendUser: exactly(full("offboard", usersPerSuspension)),
    BatchUpdateUser: exactly(full("relicense", usersPerUpdate)),
    ListUsers: { least: 0, most: sum((batch) => (batch.some(({ byEmail }) => byEmail) ? pages : 0)) },
    GetAccount: { least: 1, most: batches.length },
  };
}

const exactly = (calls: number): CallRange => ({ least: calls, most: calls });
