import { type ChaosReport, isSound } from "./chaosReport.ts";

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
