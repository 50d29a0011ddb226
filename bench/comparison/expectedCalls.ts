import { type ContenderName, contenders } from "../contenders/contenders.ts";
import { batchesOf, type Change, usersOfDirectory } from "../scenarios/scenarios.ts";

/** What one call may carry, by the API reference: written down anew, so that a wrong limit in the service shows. */
const usersPerSuspension = 50;
const usersPerUpdate = 20;
const usersPerPage = 200;

/** How many calls of an operation a contender may make. */
export interface CallRange {
  least: number;
  most: number;
}

/** The calls that a contender makes if it does what is said of it, by operation. No other operation may be called. */
export function expectedCalls(
  contender: ContenderName,
  changes: readonly Change[],
): Record<string, CallRange> {
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
