import { personOf } from "../scenarios/people.ts";
import type { Change } from "../scenarios/scenarios.ts";
import { messageIdOf } from "../scenarios/toSqsRecord.ts";
import { expectedCalls } from "./expectedCalls.ts";
import type { Run } from "./run.ts";

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
