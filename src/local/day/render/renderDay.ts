import { countOf, type TextStyle } from "../../../cli/terminal.ts";
import { type DayReport, isAccountedFor } from "../dayReport.ts";
import { numberText } from "./alignTable.ts";
import { callLines } from "./callLines.ts";
import { deadLetterLines } from "./deadLetterLines.ts";
import { outcomeLines } from "./outcomeLines.ts";
import { userLines } from "./userLines.ts";
import { waitingLines } from "./waitingLines.ts";

type Paint = (style: TextStyle, text: string) => string;

/**
 * The report for people, as lines that fit a terminal of 80 characters; only the reason of a refusal may be longer.
 * `paint` colours where there is a terminal.
 */
export function renderDay(report: DayReport, paint: Paint): string[] {
  const { events, seconds, waiting } = report;
  const section = (heading: string, lines: readonly string[]) => [paint("bold", heading), ...lines, ""];
  const malformed = events.malformed === 0 ? "" : `, ${numberText(events.malformed)} of them malformed`;
  if (events.published + events.refused === 0) return ["There was no event in the file: nothing to do."];
  return [
    `${countOf(events.published, "event")} published${malformed}.`,
    ...(events.followUps === 0
      ? []
      : [`${countOf(events.followUps, "license")} of new users followed from them.`]),
    ...refusalLines(report),
    "",
    ...section("Outcomes", outcomeLines(report)),
    ...(waiting.length === 0 ? [] : section("Put off", waitingLines(report))),
    ...section("Dead letters", deadLetterLines(report)),
    ...section("Calls to Amazon Chime (simulated)", callLines(report)),
    ...section("Users before and after", userLines(report)),
    ...(isAccountedFor(report)
      ? [paint("green", `Every event is accounted for, in ${seconds.toFixed(0)} s.`)]
      : faultLines(report).map((line) => paint("red", line))),
  ];
}

function refusalLines({ events, refusals }: DayReport): string[] {
  if (events.refused === 0) return [];
  return [
    `${countOf(events.refused, "line")} not published:`,
    ...refusals.map(
      ({ count, code, reason, firstLine }) =>
        `  ${numberText(count)} ${code}, the first in line ${firstLine}: ${reason}`,
    ),
  ];
}

function faultLines({ events, outcomes, lost, busLosses }: DayReport): string[] {
  const ended = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return [
    "Not every event is accounted for. This is a defect; please report it.",
    `  ${countOf(lost, "event")} left no trace in the journal or a dead-letter queue.`,
    `  Published: ${numberText(events.published)}, followed: ${numberText(events.followUps)}. Ended: ${numberText(ended)}.`,
    ...busLosses.map((loss) => `  The bus lost events: ${loss}.`),
  ];
}
