import { movedByAws } from "../../src/queue/storedDeadLetter.ts";
import type { InjectedFaults, SimulatedDirectory } from "../directories/simulatedDirectory.ts";
import { readDeadLetters } from "../service/readOutcomes.ts";
import { type DirectoryStack, directoryWith } from "../service/serviceStack.ts";
import type { LeaptOver } from "./awaitTime.ts";
import type { ChaosReport } from "./chaosReport.ts";
import type { DeadLetterEvent } from "./deadLetterEvents.ts";
import type { Disturbances } from "./disturbances.ts";
import { eventIdOfBody, type HrEventLine } from "./drawDecisions.ts";
import { changes } from "./faults/processKiller.ts";
import type { OperatorRecord } from "./heldOperator.ts";
import { type OracleAccount, readDecisions } from "./oracle/decisionHistory.ts";
import { type DirectoryState, readDirectoryStates, readJournalTable } from "./oracle/observations.ts";
import { type RunEvidence, type Verification, verifyRun } from "./oracle/verifyRun.ts";
import type { Population } from "./population.ts";
import type { LeakScan } from "./scanForLeaks.ts";

interface RunMeasurements
  extends Pick<ChaosReport, "seed" | "events" | "published" | "undone" | "stuck" | "seconds" | "digest"> {
  leaps: { hours: number; over: readonly LeaptOver[] };
}

interface ReportSources {
  faults: DirectoryFaults;
  stack: DirectoryStack;
  scan: LeakScan;
  operator: OperatorRecord;
}

/** Verifies a run by its evidence, and adds the counts of the report. */
export function toReport(
  { leaps, ...measured }: RunMeasurements,
  evidence: RunEvidence,
  { dynamo, kills, deaths, receives, invocations }: Disturbances,
  { stack, faults, scan, operator }: ReportSources,
): ChaosReport {
  const verification = verifyRun(evidence);
  const deadLetterCodes = [...evidence.deadLetters.values()].flat();
  const { lost, wrongState, regressions, standings } = verification;
  const { duplicateInvites, allowedDuplicateInvites } = verification;
  return {
    ...measured,
    stuck: measured.stuck + deadLetterCodes.filter((code) => codesOfAws.includes(code)).length,
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
    outcomes: countBy([...evidence.journal.values()].map(({ outcome }) => outcome)),
    safeguard: {
      held: operator.held.size,
      released: operator.released.size,
      discarded: operator.discarded.size,
      latchResets: operator.resets,
      operatorFailures: operator.failures,
    },
    invocations: invocations(),
    calls: addUp(
      stack.directories.map((directory) =>
        Object.fromEntries(
          Object.entries(directory.calls()).map(([operation, { calls }]) => [operation, calls]),
        ),
      ),
    ),
    lostAnswers: [...faults.values()].reduce((sum, { lostAnswers }) => sum + lostAnswers(), 0),
    faults: addUp([...faults.values()].map(({ counts }) => counts())),
    dynamoFaults: dynamo.injected(),
    deadByCode: countBy([...evidence.deadByCode.values()]),
    deaths: deaths(),
    leaptHours: leaps.hours,
    leaptOver: addUp(leaps.over),
    sharedIds: new Set(evidence.people.flatMap(({ sharedId = [] }) => sharedId)).size,
    hidden: evidence.people.filter(({ personId, accountId }) => {
      return evidence.hidesSuspended(accountId) && evidence.after.get(personId)?.access === "out";
    }).length,
    poisonous: evidence.people.filter(
      ({ accountId, email }) => evidence.faultsOf(accountId).poisonOf(email) !== undefined,
    ).length,
    deadLetters: countBy(deadLetterCodes),
    findings: [...findingsOf(verification, stack), ...scan.findings()],
  };
}

/** Dead letters that AWS itself moved have no outcome, so they count as stuck. */
const codesOfAws: readonly string[] = Object.values(movedByAws);

function findingsOf(
  { lost, wrongState, regressions, invitedTwice, ...invites }: Verification,
  stack: DirectoryStack,
): string[] {
  const dropped = stack.bus.report().dropped.map(({ eventId }) => `the bus dropped ${eventId}`);
  const missing = lost.map((id) => `${id} is neither in the journal nor in a dead-letter queue`);
  const tooMany = invites.duplicateInvites > invites.allowedDuplicateInvites ? invitedTwice : [];
  return [missing, wrongState, regressions, tooMany, dropped].flatMap((found) =>
    found.slice(0, findingsPerKind),
  );
}

/** At most so many sentences of each kind are reported. */
const findingsPerKind = 20;

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function addUp(counts: readonly Record<string, number>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const [name, count] of counts.flatMap(Object.entries<number>))
    total[name] = (total[name] ?? 0) + count;
  return total;
}

/** The faults that were injected into each directory. */
type DirectoryFaults = ReadonlyMap<SimulatedDirectory, InjectedFaults>;

/** The input of a run. */
export interface RunStart {
  decisions: readonly HrEventLine[];
  deadLetters: readonly DeadLetterEvent[];
  population: Population;
  before: ReadonlyMap<string, DirectoryState>;
  faults: DirectoryFaults;
}

const atScim = {
  invites: false,
  endsToo: [],
  // Whoever is created without a license has none.
  defaultLicense: "none",
  licensePerRole: { engineer: "Pro", sales: "Plus", contractor: "Basic" },
  hidesSuspended: false,
} satisfies Omit<OracleAccount, "domain">;

/**
 * The accounts of the run as the oracle knows them. They are written down here again, and not taken from the adapter and the
 * policy, because those are under test.
 */
const accounts: readonly OracleAccount[] = [
  {
    domain: "example.com",
    invites: true,
    endsToo: ["session", "pin"],
    defaultLicense: "Basic",
    licensePerRole: { engineer: "Pro", sales: "Plus", contractor: "Basic" },
    hidesSuspended: false,
  },
  {
    domain: "example.net",
    invites: true,
    endsToo: ["session", "pin"],
    defaultLicense: "Basic",
    licensePerRole: { engineer: "Pro", sales: "Plus", contractor: "Basic" },
    afterLeaving: "Basic",
    hidesSuspended: true,
  },
  {
    domain: "example.org",
    invites: false,
    // A suspension signs the user out there.
    endsToo: ["pin"],
    defaultLicense: "Pro",
    licensePerRole: { engineer: "Pro", sales: "Pro", contractor: "Basic" },
    afterLeaving: "Basic",
    hidesSuspended: false,
  },
  {
    domain: "scim.example",
    ...atScim,
    afterLeaving: "Basic",
  },
  {
    domain: "single.example",
    ...atScim,
    afterLeaving: "Basic",
  },
  { domain: "bulk-liar.example", ...atScim },
  { domain: "liar.example", ...atScim },
];

/** Collects the state of the directory, the ledger and the queues at the end of a run. */
export async function collectEvidence(
  stack: DirectoryStack,
  { decisions, deadLetters, population, before, faults }: RunStart,
  { kills, receives }: Disturbances,
  { discardsTried, discarded }: OperatorRecord,
): Promise<RunEvidence> {
  const { people } = population;
  const accountOf = (accountId: string) => {
    const domain = population.accounts.find(({ id }) => id === accountId)?.domain;
    return accounts.find((account) => account.domain === domain);
  };
  const personAt = new Map(people.map(({ email, personId }) => [email, personId]));
  const { entries } = await readJournalTable(stack);
  return {
    decisions: decisions
      .flatMap((line) => readDecisions(line, accounts, (email) => personAt.get(email)))
      .map((decision) => {
        const busTimes = receives.busTimes.get(decision.undoes ?? decision.id);
        return busTimes === undefined || decision.follows !== undefined
          ? decision
          : { ...decision, busTimes };
      }),
    deadByCode: new Map(deadLetters.map(({ line, code }) => [line.detail.metadata.id, code])),
    hidesSuspended: (accountId) => accountOf(accountId)?.hidesSuspended === true,
    people,
    defaultLicense: (accountId) => accountOf(accountId)?.defaultLicense,
    before,
    after: readDirectoryStates((accountId) => directoryWith(stack.directories, accountId), people),
    journal: entries,
    discards: { tried: discardsTried, done: discarded },
    deadLetters: byEvent(await readDeadLetters(stack)),
    receives: receives.most,
    changes: stack.directories.flatMap((directory) => directory.changes()),
    invitations: stack.directories.flatMap((directory) => directory.invitations()),
    faultsOf: (accountId) => {
      const injected = faults.get(directoryWith(stack.directories, accountId));
      if (injected === undefined) throw new Error(`no faults were injected into account ${accountId}`);
      return injected;
    },
    kills: kills.filter(({ functionName }) => changes(functionName, "letIn")),
  };
}

function byEvent(deadLetters: readonly { body: string; reason: string }[]): Map<string, string[]> {
  const reasons = new Map<string, string[]>();
  for (const { body, reason } of deadLetters) {
    const id = eventIdOfBody(body) ?? "";
    reasons.set(id, [...(reasons.get(id) ?? []), reason]);
  }
  return reasons;
}
