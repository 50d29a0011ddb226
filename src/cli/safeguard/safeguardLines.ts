import { durationText } from "../ledger/durationText.ts";
import { timeText } from "../ledger/timeText.ts";
import type { Screen } from "../screen.ts";
import { countPeople } from "../terminal.ts";
import { actText, crossingText } from "./actText.ts";
import { limitText, windowText } from "./limitText.ts";
import { restText } from "./restText.ts";
import type { SafeguardReport } from "./toSafeguardReport.ts";

const actsShown = 5;

/** One account's safeguard for people: the latch on top, then what it counts, and what was done to it lately. */
export function safeguardLines(report: SafeguardReport, screen: Screen, now: number): string[] {
  const facts = [...latchFacts(report), ...limitFacts(report, now), ...allowanceFacts(report, now)];
  const rows = [...facts, ...heldFacts(report), ...actFacts(report)];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [headline(report, screen, now), ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)];
}

type Fact = readonly [name: string, text: string];

function headline({ accountId, latch, limits }: SafeguardReport, { paint }: Screen, now: number): string {
  const name = paint("bold", accountId);
  if (latch.state === "closed") {
    const age = durationText(Math.max(0, now - Date.parse(latch.since)) / 1000);
    return `${name}  ${paint("red", `latch closed since ${timeText(latch.since)} (${age})`)}`;
  }
  if (limits.state === "off") return `${name}  ${paint("yellow", "switched off by the policy")}`;
  return `${name}  ${paint("green", "latch open")}`;
}

function latchFacts({ latch }: SafeguardReport): Fact[] {
  return latch.state === "open" ? [] : [["why", crossingText(latch)]];
}

function limitFacts({ limits }: SafeguardReport, now: number): Fact[] {
  switch (limits.state) {
    case "unknown":
      return [["limit", "not known here: name the policy with --policy"]];
    case "off":
      return [];
    case "on":
      return [
        ["window", windowText(limits)],
        ["limit", limitText(limits, now)],
        [
          "at once",
          `${limits.passed.immediate} of ${limits.immediate} beyond the limit, of those who leave at once`,
        ],
      ];
  }
}

function allowanceFacts({ allowance }: SafeguardReport, now: number): Fact[] {
  if (allowance === null) return [];
  const rest = restText(Date.parse(allowance.until), now);
  const left = `${allowance.people.toLocaleString("en")} more until ${timeText(allowance.until)} (in ${rest})`;
  return [["allowed", `${left}, by ${allowance.by}`]];
}

function heldFacts({ held: { people, since } }: SafeguardReport): Fact[] {
  return [["held", since === null ? "nobody" : `${countPeople(people)}, since ${timeText(since)}`]];
}

/** The newest first. */
function actFacts({ acts }: SafeguardReport): Fact[] {
  const shown = acts.slice(-actsShown).toReversed();
  return shown.map((act, index) => [index === 0 ? "lately" : "", `${timeText(act.at)}  ${actText(act)}`]);
}
