import type { CallFault } from "@rollcall/chime-simulator/scriptedFault";
import { movedByAws } from "../../src/queue/storedDeadLetter.ts";
import { readDeadLetters } from "../service/readOutcomes.ts";
import type { ServiceStack } from "../service/serviceStack.ts";
import type { ChaosReport } from "./chaosReport.ts";
import type { Disturbances } from "./disturbances.ts";
import { eventIdOfBody, type HrEventLine } from "./drawDecisions.ts";
import { permanentCode, poisonOf } from "./faults/chimeFaults.ts";
import { changes } from "./faults/processKiller.ts";
import { type OracleAccount, readDecisions } from "./oracle/decisionHistory.ts";
import { type DirectoryState, readDirectoryStates, readJournalTable } from "./oracle/observations.ts";
import { type RunEvidence, type Verification, verifyRun } from "./oracle/verifyRun.ts";
import type { Population } from "./population.ts";
import type { LeakScan } from "./scanForLeaks.ts";

/** The most sentences of each kind in the report. */
const findingsOfAKind = 20;

/** Dead letters that AWS moved and no function count as stuck. */
const givenUpByAws: readonly string[] = Object.values(movedByAws);

type Measured = Pick<ChaosReport, "seed" | "events" | "published" | "stuck" | "seconds" | "digest">;

interface ReportSources {
  stack: ServiceStack;
  scan: LeakScan;
}

/** Verifies what a run has left and adds the figures of the report. */
export function toReport(
  measured: Measured,
  remains: RunEvidence,
  { kills, receives, invocations }: Disturbances,
  { stack, scan }: ReportSources,
): ChaosReport {
  const verification = verifyRun(remains);
  const letters = [...remains.deadLetters.values()].flat();
  const { lost, wrongState, regressions, standings } = verification;
  const { duplicateInvites, allowedDuplicateInvites } = verification;
  return {
    ...measured,
    stuck: measured.stuck + letters.filter((reason) => givenUpByAws.includes(reason)).length,
    lost: lost.length,
    wrongState: wrongState.length,
    regressions: regressions.length,
    duplicateInvites,
    allowedDuplicateInvites,
    leaks: scan.leaks(),
    loggedLines: scan.lines(),
    kills: kills.length,
    redelivered: receives.redelivered(),
    standings,
    outcomes: countBy([...remains.journal.values()].map(({ outcome }) => outcome)),
    invocations: invocations(),
    calls: Object.fromEntries(
      Object.entries(stack.chime.calls.summary()).map(([operation, { calls }]) => [operation, calls]),
    ),
    lostAnswers: remains.calls.filter(({ tookEffect, answered }) => tookEffect && !answered).length,
    faults: countBy([...remains.faults.values()].flatMap(({ fault }) => nameOf(fault.call))),
    poisonous: remains.people.filter(({ email }) => remains.poison(email) !== undefined).length,
    deadLetters: countBy(letters),
    findings: [...findingsOf(verification, stack), ...scan.findings()],
  };
}

/** Names the fault of a whole call in one word. */
function nameOf(fault: CallFault | undefined): string[] {
  switch (fault?.kind) {
    case "exception":
      return [fault.errorType];
    case "reset":
      return [fault.takesEffect ? "answerLost" : "cutOff"];
    case "body":
      return ["unreadableAnswer"];
    case "userErrors":
      return ["strangerBlamed"];
    case undefined:
      return [];
  }
}

function findingsOf(
  { lost, wrongState, regressions, invitedTwice, ...invites }: Verification,
  stack: ServiceStack,
): string[] {
  const dropped = stack.bus.report().dropped.map(({ eventId }) => `the bus dropped ${eventId}`);
  const missing = lost.map((id) => `${id} is neither in the journal nor in a dead-letter queue`);
  const tooMany = invites.duplicateInvites > invites.allowedDuplicateInvites ? invitedTwice : [];
  return [missing, wrongState, regressions, tooMany, dropped].flatMap((found) =>
    found.slice(0, findingsOfAKind),
  );
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** The start of a run. */
export interface RunStart {
  seed: number;
  decisions: readonly HrEventLine[];
  population: Population;
  before: ReadonlyMap<string, DirectoryState>;
}

/**
 * The accounts of the run, for the oracle. They are written down here again instead of taken from the adapter and the
 * policy that are under test.
 */
const accounts: readonly OracleAccount[] = [
  {
    domain: "example.com",
    letIn: "InviteUsers",
    endsSessions: true,
    defaultLicense: "Basic",
    licensePerRole: { engineer: "Pro", sales: "Plus", contractor: "Basic" },
  },
  {
    domain: "example.org",
    letIn: "BatchUnsuspendUser",
    // A suspension signs the user out there.
    endsSessions: false,
    defaultLicense: "Pro",
    licensePerRole: { engineer: "Pro", sales: "Pro", contractor: "Basic" },
  },
];

/** Collects what the directory, the ledger and the queues hold when a run is over. */
export async function collectEvidence(
  stack: ServiceStack,
  { seed, decisions, population, before }: RunStart,
  { chime, kills, receives }: Disturbances,
): Promise<RunEvidence> {
  const { people } = population;
  const { entries } = await readJournalTable(
    stack.dynamo.client,
    stack.model.tables.map(({ name }) => name),
  );
  return {
    decisions: decisions.flatMap((line) => readDecisions(line, accounts)),
    people,
    defaultLicense: (accountId) => population.accounts.find(({ id }) => id === accountId)?.defaultLicense,
    before,
    after: readDirectoryStates(stack.chime.directory, people),
    journal: entries,
    deadLetters: byEvent(await readDeadLetters(stack)),
    receives: receives.most,
    calls: stack.chime.calls.list(),
    faults: chime.struck,
    permanentCode: (operation, address) => permanentCode(seed, operation, address),
    poison: (address) => poisonOf(seed, address),
    kills: kills.filter(({ functionName }) => changes(functionName, "InviteUsers")),
  };
}

function byEvent(letters: readonly { body: string; reason: string }[]): Map<string, string[]> {
  const reasons = new Map<string, string[]>();
  for (const { body, reason } of letters) {
    const id = eventIdOfBody(body) ?? "";
    reasons.set(id, [...(reasons.get(id) ?? []), reason]);
  }
  return reasons;
}
