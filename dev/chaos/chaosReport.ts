import type { Verification } from "./oracle/verifyRun.ts";

/** What a run came to: what `npm run chaos -- --json` prints. */
export interface ChaosReport {
  seed: number;
  /** Decisions of HR. */
  events: number;
  /** Accepted by the bus: those, and the ones that were sent again. */
  published: number;
  lost: number;
  wrongState: number;
  regressions: number;
  duplicateInvites: number;
  /** Invitations whose answer or worker was lost: so many mails may be duplicates. */
  allowedDuplicateInvites: number;
  /** Lines of the functions' logs that hold somebody's address, and how many lines there were. */
  leaks: number;
  loggedLines: number;
  /** What had not come to its end when the time was up, and what only AWS itself brought to one in a dead-letter queue. */
  stuck: number;
  kills: number;
  /** Records that were handed to a function for a second time or more. */
  redelivered: number;
  /** People and aspects, by how the directory stands to their newest decision. */
  standings: Verification["standings"];
  outcomes: Record<string, number>;
  invocations: number;
  /** By operation. */
  calls: Record<string, number>;
  /** Calls of Chime that took effect and were never answered. */
  lostAnswers: number;
  /** Calls of Chime that were struck as a whole, by what happened to them. */
  faults: Record<string, number>;
  /** People for whom every call that carries them is refused. */
  poisonous: number;
  deadLetters: Record<string, number>;
  seconds: number;
  /** Of the events and the schedule of faults: the same for the same seed and number of events. */
  digest: string;
  /** Sentences about what is wrong, the first of each kind. */
  findings: string[];
}

/** Nothing was lost, wrong, undone or left lying, nobody was named in a log, and nobody invited twice without need. */
export function isSound(report: ChaosReport): boolean {
  const { lost, wrongState, regressions, stuck, leaks } = report;
  const { duplicateInvites, allowedDuplicateInvites } = report;
  return lost + wrongState + regressions + stuck + leaks === 0 && duplicateInvites <= allowedDuplicateInvites;
}

/** The report for people, as lines of text. `paint` colours where there is a terminal. */
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
