import type { DayReport, Waiting } from "../dayReport.ts";
import { alignTable, numberText } from "./alignTable.ts";

/** What is put off, until when and why. */
export function waitingLines({ waiting }: DayReport): string[] {
  const rows = waiting.map(({ because, count, nextAt }) => [
    numberText(count),
    `${untilWhat(because)} ${minuteText(nextAt)}`,
  ]);
  return alignTable(rows, ["right", "left"]);
}

function untilWhat(because: Waiting["because"]): string {
  switch (because) {
    case "effectiveLater":
      return "until the decision takes effect, the first";
    case "notRegistered":
      return "until the user has registered, looked for again";
    case "follows":
      return "until a license follows from another decision, the first";
    case "released":
      return "released by an operator, published again";
  }
}

/** `at 2026-05-14 08:00 UTC` */
function minuteText(moment: string): string {
  return `at ${moment.slice(0, "2026-05-14T08:00".length).replace("T", " ")} UTC`;
}
