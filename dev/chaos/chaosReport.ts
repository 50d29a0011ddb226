import type { Verification } from "./oracle/verifyRun.ts";

/** The report of a run, as `npm run chaos -- --json` prints it. */
export interface ChaosReport {
  seed: number;
  /** Decisions of HR. */
  events: number;
  /** Events that the bus accepted, those sent twice included. */
  published: number;
  lost: number;
  wrongState: number;
  regressions: number;
  duplicateInvites: number;
  /** Invitations whose answer or worker was lost. As many mails may be duplicates. */
  allowedDuplicateInvites: number;
  /** Log lines of the functions that contain a person's address, and all log lines. */
  leaks: number;
  loggedLines: number;
  /** Messages and decisions that were not finished in time, and dead letters that AWS moved and no function. */
  stuck: number;
  kills: number;
  /** Records that were passed to a function for the second time or more. */
  redelivered: number;
  /** Counts of people and aspects, by how the directory compares with their newest decision. */
  standings: Verification["standings"];
  outcomes: Record<string, number>;
  invocations: number;
  /** By operation. */
  calls: Record<string, number>;
  /** Calls of Chime that took effect and were never answered. */
  lostAnswers: number;
  /** Calls of Chime with a fault of the whole call, by the kind of fault. */
  faults: Record<string, number>;
  /** People whose every call is refused as a whole. */
  poisonous: number;
  deadLetters: Record<string, number>;
  seconds: number;
  /**
   * A digest of the events and of the schedule of faults. The same seed and number of events give the same digest.
   */
  digest: string;
  /** Sentences about what is wrong, the first few of each kind. */
  findings: string[];
}

/** Says whether nothing was lost, wrong, undone, stuck or leaked, and nobody was invited twice without need. */
export function isSound(report: ChaosReport): boolean {
  const { lost, wrongState, regressions, stuck, leaks } = report;
  const { duplicateInvites, allowedDuplicateInvites } = report;
  return lost + wrongState + regressions + stuck + leaks === 0 && duplicateInvites <= allowedDuplicateInvites;
}

/** Renders the report as lines of text. `paint` colours where there is a terminal. */
export function renderChaos(
  report: ChaosReport,
  paint: (style: "bold" | "green" | "red", text: string) => string,
): string[] {
  const { seed, digest, events, published, kills, redelivered, lostAnswers, invocations, seconds } = report;
  const { lost, wrongState, regressions, stuck, duplicateInvites, allowedDuplicateInvites } = report;
  const heading = (text: string) => paint("bold", text.padEnd(16));
  const counts = (record: Record<string, number>) =>
    Object.entries(record)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `${count} ${name}`)
      .join(" · ") || "none";
  return [
    "",
    `${heading("Schedule")}seed ${seed} · digest ${digest}`,
    `${heading("Events")}${events} decisions · ${published} published`,
    `${heading("Disturbances")}${kills} kills in ${invocations} invocations · ${lostAnswers} lost answers of Chime · ${redelivered} redelivered`,
    `${heading("Faults of Chime")}${counts(report.faults)} · ${report.poisonous} poisonous people`,
    `${heading("Journal")}${counts(report.outcomes)}`,
    `${heading("Calls")}${counts(report.calls)}`,
    `${heading("Dead letters")}${counts(report.deadLetters)}`,
    `${heading("Directory")}${counts(report.standings)}`,
    "",
    `${heading("Lost")}${lost}`,
    `${heading("Wrong state")}${wrongState}`,
    `${heading("Regressions")}${regressions}`,
    `${heading("Second invites")}${duplicateInvites}, of ${allowedDuplicateInvites} that a lost answer or worker allows`,
    `${heading("Stuck")}${stuck}`,
    `${heading("Leaks")}${report.leaks}, in ${report.loggedLines} lines of logs`,
    "",
    ...report.findings.map((finding) => paint("red", finding)),
    isSound(report)
      ? paint("green", `Everybody is as HR decided, after ${seconds.toFixed(0)} s.`)
      : paint(
          "red",
          `Not as HR decided, after ${seconds.toFixed(0)} s. The same seed asks for the same trouble.`,
        ),
    "",
  ];
}
