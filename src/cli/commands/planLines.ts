import { timeText } from "../../operations/displayText.ts";
import type { PlanEntry, PlanReport } from "../../operations/reconcileRoster.ts";
import { countOf, countPeople } from "../../operations/words/plainWords.ts";
import { operationWords, planHeadlines } from "../../operations/words/planWords.ts";
import { groupBy } from "../../provisioning/groupByPerson.ts";
import { hintText } from "../hints.ts";
import type { Target } from "../target.ts";
import type { Screen } from "../terminal.ts";
import { tableLines } from "../textLayout.ts";
import { pauseText, resumeCommand } from "./health/pauseCommand.ts";
import { understandingLines } from "./understandingLines.ts";

/** How many people of each kind are listed unless all are asked for. */
const fewPeople = 20;

/** A plan as lines: what would happen, by which calls, to whom, and the findings. */
export function planLines(
  report: PlanReport,
  { isAll, target }: { isAll: boolean; target: Target | undefined },
  screen: Screen,
): string[] {
  const { changes, findings } = report;
  const entries = groupBy([...changes, ...findings], ({ kind }) => kind);
  return [
    ...understandingLines(report.read, screen),
    "",
    ...overview(report),
    "",
    ...callLines(report, screen),
    ...deletionLines(report, screen),
    ...heldLines(report, target, screen),
    ...pausedLines(report, target, screen),
    ...trialLines(report, screen),
    ...Object.entries(planHeadlines).flatMap(([kind, headline]) => {
      const alike = [...entries].find(([each]) => each === kind)?.[1] ?? [];
      return alike.length === 0
        ? []
        : ["", screen.paint("bold", `${headline(alike.length)}:`), ...personLines(alike, screen, isAll)];
    }),
  ];
}

function overview({ asOf, roster, directory }: PlanReport): string[] {
  const { present, left, later, withoutAddress, droppedTexts = 0 } = roster;
  const besides = [
    ...(left > 0 ? [`${left.toLocaleString("en")} who have left`] : []),
    ...(later > 0 ? [`${later.toLocaleString("en")} who are still to come`] : []),
    ...(withoutAddress > 0 ? [`${countOf(withoutAddress, "row")} without an address`] : []),
    ...(droppedTexts > 0 ? [`${countOf(droppedTexts, "wrong text")} in names and the like, left out`] : []),
  ];
  return [
    `The roster of ${timeText(asOf)} has ${countPeople(present)} who are there${besides.map((text) => `, ${text}`).join("")}.`,
    `The directory has ${countOf(directory.users, "user")} in ${countOf(directory.accounts, "account")}.`,
  ];
}

function callLines({ calls, changes }: PlanReport, screen: Screen): string[] {
  if (changes.length === 0)
    return [screen.paint("green", "Nothing to do: the directory is as the roster says.")];
  const rows = calls.map(({ accountId, operation, users, calls }) => ({
    cells: [accountId, operationWords[operation], users.toLocaleString("en"), calls.toLocaleString("en")],
    details: [],
  }));
  const total = calls.reduce((sum, { calls }) => sum + calls, 0);
  return [
    ...tableLines(["ACCOUNT", "TO DO", "PEOPLE", "CALLS"], rows, screen),
    `${countOf(changes.length, "change")} in ${countOf(total, "call")}.`,
  ];
}

/** What a suspension means where it cannot be undone. */
function deletionLines({ deletions }: PlanReport, { paint }: Screen): string[] {
  return deletions.flatMap(({ accountId, leavers }) => [
    "",
    paint(
      "yellow",
      `${accountId} deletes the users whom it suspends: ${countPeople(leavers)} would be deleted, and whoever returns is a new user.`,
    ),
  ]);
}

/** What the safeguard will hold: behind a latch that is closed already, or beyond the limit. */
function heldLines(
  { latched, held, calls }: PlanReport,
  target: Target | undefined,
  { paint }: Screen,
): string[] {
  const behindLatch = (latched ?? []).map(({ accountId, leavers, since }) => ({
    accountId,
    leavers,
    why: `its latch is closed since ${timeText(since)}, and ${countPeople(leavers)} would be held`,
  }));
  const beyondLimit = held
    .filter(({ accountId }) => !behindLatch.some((each) => each.accountId === accountId))
    .map(({ accountId, leavers, limit }) => ({
      accountId,
      leavers,
      why: `${leavers.toLocaleString("en")} are more than its limit of ${limit.toLocaleString("en")}`,
    }));
  const isUnknown = latched === null && calls.some(({ operation }) => operation === "suspend");
  const unknown = isUnknown ? ["", "Whether a latch is closed is not known: no ledger was read."] : [];
  const known = [...behindLatch, ...beyondLimit].flatMap(({ accountId, leavers, why }) => [
    "",
    paint("yellow", `The safeguard will hold suspensions of ${accountId}: ${why}.`),
    allowText(accountId, leavers, target),
  ]);
  return [...known, ...unknown];
}

function allowText(account: string, leavers: number, target: Target | undefined): string {
  if (target === undefined) return "If they are right, allow so many before they are published.";
  const options = { account, count: String(leavers), until: "2h", because: "…" };
  return `If they are right: ${hintText(target, "safeguard allow", { options })}`;
}

/** What waits until an operator resumes. */
function pausedLines({ paused }: PlanReport, target: Target | undefined, { paint }: Screen): string[] {
  return (paused ?? []).flatMap(({ pause, changes }) => [
    "",
    paint("yellow", `Paused: ${pauseText(pause)}.`),
    `${countOf(changes, "change")} would wait until that ends${target === undefined ? "." : `: ${resumeCommand(pause, target)}`}`,
  ]);
}

function trialLines({ observed }: PlanReport, { paint }: Screen): string[] {
  return observed.flatMap(({ trial, changes }) => [
    "",
    paint(
      "yellow",
      `The policy only observes ${trial}: ${countOf(changes, "change")} will be journalled, and not carried out.`,
    ),
  ]);
}

function personLines(entries: readonly PlanEntry[], screen: Screen, isAll: boolean): string[] {
  const shown = isAll ? entries : entries.slice(0, fewPeople);
  const rows = shown.map(({ personId, email, accountId, detail }) => ({
    cells: [`  ${personId ?? "-"}`, email ?? "-", accountId ?? "-"],
    details: detail === null ? [] : [detail],
  }));
  const more = entries.length - shown.length;
  return [
    ...tableLines(["", "", ""], rows, screen).slice(1),
    ...(more > 0 ? [`  and ${more.toLocaleString("en")} more; --all lists them`] : []),
  ];
}
