import type { ReleaseCounts } from "./mixedReleases.ts";
import type { Verification } from "./oracle/verifyRun.ts";

/** The results of a run, as `npm run chaos -- --json` prints them. */
export interface ChaosReport {
  seed: number;
  /** Decisions of HR. */
  events: number;
  /** Events that the bus accepted, those included that were published twice. */
  published: number;
  lost: number;
  wrongState: number;
  regressions: number;
  duplicateInvites: number;
  /** Invitations whose response was lost or whose worker was killed. So many mails may be duplicates. */
  allowedDuplicateInvites: number;
  /** Log lines of the functions with somebody's address. `loggedLines` counts all lines. */
  leaks: number;
  loggedLines: number;
  /** Messages and decisions without an outcome at the time limit, and messages that AWS itself moved to a dead-letter queue. */
  stuck: number;
  kills: number;
  /** Records that a function received for a second time or more. */
  redelivered: number;
  /** Counts people and aspects by how the directory compares with their newest decision. */
  standings: Verification["standings"];
  outcomes: Record<string, number>;
  /** How many decisions an operator undid in the midst of the run. */
  undone: number;
  /** What the safeguard held, and what an operator did about it. */
  safeguard: {
    held: number;
    released: number;
    discarded: number;
    latchResets: number;
    /** Acts that a fault of DynamoDB ended, and that were done again. */
    operatorFailures: number;
  };
  invocations: number;
  /** What the previous release did beside the present one; absent without `--previous`. */
  previousRelease?: ReleaseCounts;
  /** By operation. */
  calls: Record<string, number>;
  /** Calls to directories that took effect and whose response was lost. */
  lostAnswers: number;
  /** Faults of whole calls to directories, by kind. */
  faults: Record<string, number>;
  /** Requests to DynamoDB with a fault, by its name. */
  dynamoFaults: Record<string, number>;
  /** Events that have to be dead letters and change nothing, by the code that they must have. */
  deadByCode: Record<string, number>;
  /** Processes that died of a record that they read. */
  deaths: number;
  /** The hours that the run's clock leapt over, and what waited then, by why it did. */
  leaptHours: number;
  leaptOver: Record<string, number>;
  /** Ids of HR's that two people share. Their decisions are told apart, or are dead letters (`PersonAmbiguous`). */
  sharedIds: number;
  /** People whom their account does not show at the end, because it hides whom it has suspended. */
  hidden: number;
  /** People whose calls are always refused as a whole. */
  poisonous: number;
  deadLetters: Record<string, number>;
  seconds: number;
  /** A digest of the events and the schedule of faults. The same seed and number of events give the same digest. */
  digest: string;
  /** Sentences about what is wrong; of each kind the first few. */
  findings: string[];
}

/** Whether nothing was lost, wrong, undone or stuck, no log names a person, and no invitation was duplicated without a cause. */
export function isSound(report: ChaosReport): boolean {
  const { lost, wrongState, regressions, stuck, leaks } = report;
  const { duplicateInvites, allowedDuplicateInvites } = report;
  return lost + wrongState + regressions + stuck + leaks === 0 && duplicateInvites <= allowedDuplicateInvites;
}

/** Renders the report for people, as lines of text. `paint` colours a text if the output is a terminal. */
export function renderChaos(
  report: ChaosReport,
  paint: (style: "bold" | "green" | "red", text: string) => string,
): string[] {
  const { seed, digest, events, published, kills, redelivered, lostAnswers, invocations, seconds } = report;
  const { lost, wrongState, regressions, stuck, duplicateInvites, allowedDuplicateInvites } = report;
  const heading = (text: string) => paint("bold", text.padEnd(18));
  const counts = (record: Record<string, number>) =>
    Object.entries(record)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `${count} ${name}`)
      .join(" · ") || "none";
  const { previousRelease } = report;
  return [
    "",
    `${heading("Schedule")}seed ${seed} · digest ${digest}`,
    `${heading("Events")}${events} decisions · ${published} published · ${report.undone} undone · ${report.sharedIds} ids of two people each`,
    `${heading("Has to be dead")}${counts(report.deadByCode)} · ${report.deaths} processes died of a record`,
    `${heading("Time leapt over")}${report.leaptHours} h · waiting: ${counts(report.leaptOver)}`,
    `${heading("Injected faults")}${kills} kills in ${invocations} invocations · ${lostAnswers} lost responses of directories · ${redelivered} redelivered messages`,
    ...(previousRelease === undefined
      ? []
      : [
          `${heading("Previous release")}${previousRelease.invocations} of the invocations · ${previousRelease.peopleOfBoth} people met both releases`,
        ]),
    `${heading("Call faults")}${counts(report.faults)} · ${report.poisonous} people whose calls are always refused`,
    `${heading("DynamoDB faults")}${counts(report.dynamoFaults)}`,
    `${heading("Journal")}${counts(report.outcomes)}`,
    `${heading("Safeguard")}${counts(report.safeguard)}`,
    `${heading("Calls")}${counts(report.calls)}`,
    `${heading("Dead letters")}${counts(report.deadLetters)}`,
    `${heading("Directory")}${counts(report.standings)} · ${report.hidden} people hidden by their account`,
    "",
    `${heading("Lost")}${lost}`,
    `${heading("Wrong state")}${wrongState}`,
    `${heading("Regressions")}${regressions}`,
    `${heading("Duplicate invites")}${duplicateInvites}, at most ${allowedDuplicateInvites} allowed (lost responses and killed workers)`,
    `${heading("Stuck")}${stuck}`,
    `${heading("Addresses in logs")}${report.leaks}, in ${report.loggedLines} lines`,
    "",
    ...report.findings.map((finding) => paint("red", finding)),
    isSound(report)
      ? paint("green", `The directory is as HR decided, after ${seconds.toFixed(0)} s.`)
      : paint(
          "red",
          `The run failed after ${seconds.toFixed(0)} s: see the counts above. The same seed injects the same faults.`,
        ),
    "",
  ];
}
