import { timeText } from "../../../operations/displayText.ts";
import type {
  AccountSafeguardReport,
  ActReport,
  AllowanceReport,
  DisallowanceReport,
  LimitsReport,
  ResetReport,
  SafeguardReport,
} from "../../../operations/operateSafeguard.ts";
import { ageText, countOf, countPeople, durationText } from "../../../operations/words/plainWords.ts";
import { hintText } from "../../hints.ts";
import { type Target, targetText } from "../../target.ts";
import type { Screen } from "../../terminal.ts";

/** Each account's safeguard, and what to do about a latch that is closed. */
export function statusLines(
  { accounts }: SafeguardReport,
  asked: SafeguardQuestion,
  screen: Screen,
  now: number,
): string[] {
  if (accounts.length === 0)
    return [
      `The safeguard remembers no account in ${targetText(asked.target)}, and there is no policy here: name it with --policy.`,
    ];
  return [
    ...accounts.flatMap((account, index) => [
      ...(index > 0 ? [""] : []),
      ...accountLines(account, screen, now),
    ]),
    ...nextSteps(accounts, asked),
  ];
}

/** Where a command was asked, and by which policy, if one was named. */
interface SafeguardQuestion {
  target: Target;
  policy?: string;
}

/**
 * What to do about every account whose latch is closed, or whose people are held. Before the feed is right again, a reset would
 * let the next wrong suspensions pass up to the limit.
 */
function nextSteps(accounts: readonly AccountSafeguardReport[], asked: SafeguardQuestion): string[] {
  const concerned = accounts.filter(({ latch, held }) => latch.state === "closed" || held.people > 0);
  if (concerned.length === 0) return [];
  return [
    "",
    "What to do: look at the feed first, and mend it where it is wrong. Then:",
    ...concerned.flatMap((account) => stepsFor(account, asked)),
  ];
}

function stepsFor(
  { accountId: account, latch, held }: AccountSafeguardReport,
  { target, policy }: SafeguardQuestion,
): string[] {
  const steps: string[] = [];
  if (held.people > 0) {
    const release = { account, because: "HR confirms it" };
    steps.push(
      hintText(target, "held list", { options: { account } }),
      `${hintText(target, "held release", { options: release })}   or held discard`,
    );
  }
  if (latch.state === "closed") {
    const options = { account, policy, because: "the feed is right again" };
    steps.push(hintText(target, "safeguard reset", { options }));
  }
  return steps.map((step) => `  ${step}`);
}

const actsShown = 5;

/** One account's safeguard: the latch first, then what it counts, and what was done to it lately. */
function accountLines(account: AccountSafeguardReport, screen: Screen, now: number): string[] {
  const facts = [...latchFacts(account), ...limitFacts(account, now), ...allowanceFacts(account, now)];
  const rows = [...facts, ...heldFacts(account), ...actFacts(account)];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [headline(account, screen, now), ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)];
}

type Fact = readonly [name: string, text: string];

function headline(
  { accountId, latch, limits }: AccountSafeguardReport,
  { paint }: Screen,
  now: number,
): string {
  const name = paint("bold", accountId);
  if (latch.state === "closed") {
    const since = `${timeText(latch.since)} (${ageText(latch.since, now)})`;
    return `${name}  ${paint("red", `latch closed since ${since}`)}`;
  }
  if (limits.state === "off") return `${name}  ${paint("yellow", "switched off by the policy")}`;
  return `${name}  ${paint("green", "latch open")}`;
}

function latchFacts({ latch }: AccountSafeguardReport): Fact[] {
  return latch.state === "open" ? [] : [["why", crossingText(latch)]];
}

function limitFacts({ limits }: AccountSafeguardReport, now: number): Fact[] {
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

type OnReport = Extract<LimitsReport, { state: "on" }>;

/** `12 of 500 in the last 60 min`, or without a count of users `12 in the last 60 min`. */
export function windowText({ passed, limit, windowMinutes }: OnReport): string {
  const most = limit === null ? "" : ` of ${limit.toLocaleString("en")}`;
  return `${passed.people.toLocaleString("en")}${most} suspended in the last ${durationText(windowMinutes * 60)}`;
}

/** The limit and what it is computed from. @param now milliseconds since the epoch */
export function limitText({ atLeast, percent, activeUsers }: OnReport, now: number): string {
  const least = countPeople(atLeast);
  if (percent === 0) return `${least}, however many users there are`;
  if (activeUsers === null)
    return `${least}, or ${percent} % of the active users, who are counted when more are to be suspended`;
  const age = ageText(activeUsers.countedAt, now);
  return `${percent} % of ${activeUsers.count.toLocaleString("en")} active users (counted ${age} ago), at least ${least}`;
}

function allowanceFacts({ allowance }: AccountSafeguardReport, now: number): Fact[] {
  if (allowance === null) return [];
  const rest = restText(Date.parse(allowance.until), now);
  const left = `${allowance.people.toLocaleString("en")} more until ${timeText(allowance.until)} (in ${rest})`;
  return [["allowed", `${left}, by ${allowance.by}`]];
}

/**
 * How long an allowance still holds, to the nearest minute, so that two hours are "2 h" in the moment after as well. Both
 * in milliseconds since the epoch.
 */
export function restText(until: number, now: number): string {
  const rest = until - now;
  return durationText(rest < 60_000 ? rest / 1000 : Math.round(rest / 60_000) * 60);
}

function heldFacts({ held: { people, since } }: AccountSafeguardReport): Fact[] {
  return [["held", since === null ? "nobody" : `${countPeople(people)}, since ${timeText(since)}`]];
}

/** The newest first. */
function actFacts({ acts }: AccountSafeguardReport): Fact[] {
  const shown = acts.slice(-actsShown).toReversed();
  return shown.map((act, index) => [index === 0 ? "lately" : "", `${timeText(act.at)}  ${actText(act)}`]);
}

function actText(act: ActReport): string {
  switch (act.what) {
    case "closed":
      return `closed: ${crossingText(act)}`;
    case "allowed":
      if (act.people === 0) return `allowance taken back by ${act.by}${noteText(act)}`;
      return `allowed ${act.people.toLocaleString("en")} until ${timeText(act.until)}, by ${act.by}${noteText(act)}`;
    case "reset":
      return `reset by ${act.by}${noteText(act)}`;
  }
}

function noteText({ note }: { note?: string }): string {
  return note === undefined ? "" : `: ${note}`;
}

/** Why the latch closed. */
export function crossingText(crossing: { asked: number; passed: number; limit: number }): string {
  const { asked, passed, limit } = crossing;
  const [many, before, most] = [asked, passed, limit].map((count) => count.toLocaleString("en"));
  return `${many} were to be suspended after ${before} in the window, where ${most} may pass`;
}

/** The result of `rollcall safeguard allow`. Both times in milliseconds since the epoch. */
export function allowanceLines(
  { accountId, people, until, replaced }: AllowanceReport,
  target: Target,
  now: number,
): string[] {
  const rest = restText(Date.parse(until), now);
  return [
    `${countOf(people, "suspension")} of ${accountId} may pass until ${until} (in ${rest}), whatever the limit and the latch say.`,
    ...(replaced === null ? [] : [replacedText(replaced)]),
    ...afterChange(accountId, target, "Whoever is held already stays held"),
  ];
}

export function replacedText({ people, by, until }: NonNullable<AllowanceReport["replaced"]>): string {
  return `This takes the place of ${people.toLocaleString("en")} that ${by} had allowed until ${until}.`;
}

/** The result of `rollcall safeguard disallow`. */
export function disallowanceLines({ accountId, takenBack }: DisallowanceReport, target: Target): string[] {
  if (takenBack === null)
    return [`Nothing was left of an allowance of ${accountId}, in ${targetText(target)}.`];
  const { people, by, until } = takenBack;
  return [
    `Taken back: ${people.toLocaleString("en")} of ${accountId} that ${by} had allowed until ${until}.`,
    `The limit and the latch count from the next suspension on. This is in ${targetText(target)}.`,
  ];
}

/** The result of `rollcall safeguard reset`. */
export function resetLines({ accountId, closedAt }: ResetReport, target: Target): string[] {
  if (closedAt === null) return [`The latch of ${accountId} was open already, in ${targetText(target)}.`];
  return [
    `The latch of ${accountId} is open: suspensions pass again, up to the limit.`,
    ...afterChange(accountId, target, "Whoever is held stays held"),
  ];
}

function afterChange(accountId: string, target: Target, held: string): string[] {
  const list = hintText(target, "held list", { options: { account: accountId } });
  return [`This is in ${targetText(target)}.`, `${held}: ${list}`];
}
