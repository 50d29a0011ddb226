import { timeText } from "../../../operations/displayText.ts";
import type { Kept, NotUndone, UndoItem, UndoPlan } from "../../../operations/undo/planUndo.ts";
import type { UndoReport } from "../../../operations/undo/publishUndo.ts";
import { countOf, countPeople } from "../../../operations/words/plainWords.ts";
import {
  actionsText,
  becomesText,
  heldWarning,
  keptWords,
  knownByText,
  lossesOf,
  notUndoneWords,
  sameFeedWarning,
} from "../../../operations/words/undoWords.ts";
import { groupBy } from "../../../provisioning/groupByPerson.ts";
import { hintText } from "../../hints.ts";
import { type Target, targetText } from "../../target.ts";
import type { Screen } from "../../terminal.ts";
import { tableLines, wrapWords } from "../../textLayout.ts";

/** So many of each kind are listed, unless all are wanted. */
const usuallyListed = 20;

/** A plan as lines: who is changed back and how, what cannot be taken back, who stays as they are, and why. */
export function planLines(
  plan: UndoPlan,
  { target, isAll }: { target: Target; isAll: boolean },
  screen: Screen,
): string[] {
  const { changes, people, actions } = plan;
  const where = `${periodText(plan)}, in ${targetText(target)}`;
  const held = heldWarning(actions);
  const losses = plan.accounts.flatMap(lossesOf);
  const sections = [
    changes.length === 0
      ? [`Nothing that is to be undone was decided ${where}.`]
      : [
          ...tableLines(
            ["PERSON", "ACCOUNT", "NOW", "BECOMES", "BEFORE IS KNOWN", "UNDOES"],
            firstOf(changes, isAll).map(changeRow),
            screen,
          ),
          ...moreLine(changes.length, isAll),
        ],
    changes.length === 0
      ? []
      : [
          screen.paint("bold", `To be undone of ${countPeople(people)}: ${actionsText(actions)}.`),
          `Decided ${where}.`,
        ],
    losses.length === 0
      ? []
      : [
          "Cannot be taken back:",
          ...losses.flatMap((text) => wrapWords(text, screen.width - 2).map((line) => `  ${line}`)),
        ],
    remarkLines(changes, isAll),
    notUndoneLines(plan.notUndone, isAll, screen),
    keptLines(plan.kept),
    openLines(plan, target),
    held === undefined ? [] : wrapWords(held, screen.width),
    changes.length === 0 ? [] : wrapWords(sameFeedWarning, screen.width),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

function periodText({ since, until, origin, roster, account }: UndoPlan): string {
  const named = Object.entries({ "from ": origin, "by roster ": roster, "in account ": account });
  const filters = named.flatMap(([words, values]) =>
    values === null ? [] : [`, ${words}${values.join(" or ")}`],
  );
  return `between ${timeText(since)} and ${timeText(until)}${filters.join("")}`;
}

function firstOf<T>(all: readonly T[], isAll: boolean): readonly T[] {
  return isAll ? all : all.slice(0, usuallyListed);
}

function moreLine(count: number, isAll: boolean): string[] {
  const more = isAll ? 0 : count - usuallyListed;
  return more <= 0 ? [] : [`... and ${more.toLocaleString("en")} more: --all lists them`];
}

function changeRow(item: UndoItem) {
  return {
    cells: [item.personId, item.accountId, item.now, becomesText(item), knownByText(item), item.undoes],
    details: [],
  };
}

function remarkLines(changes: readonly UndoItem[], isAll: boolean): string[] {
  const further = changes.filter(({ alsoAt }) => alsoAt !== undefined);
  const cancelled = changes.flatMap(({ personId, cancelled: gone = [] }) =>
    gone.map(
      ({ eventId, intent, effectiveAt }) =>
        `  ${personId}: ${intent} ${eventId} for ${timeText(effectiveAt)}`,
    ),
  );
  return [
    ...(further.length === 0
      ? []
      : [
          "Stay suspended, because how they were before is not known:",
          ...firstOf(further, isAll).map(
            ({ personId, alsoAt = [] }) => `  ${personId}: the further user in ${alsoAt.join(", ")}`,
          ),
          ...moreLine(further.length, isAll),
        ]),
    ...(cancelled.length === 0
      ? []
      : [
          "Waited for their day, were cancelled, and do not come back. Publish them anew:",
          ...firstOf(cancelled, isAll),
          ...moreLine(cancelled.length, isAll),
        ]),
  ];
}

function notUndoneLines(notUndone: readonly NotUndone[], isAll: boolean, screen: Screen): string[] {
  return [...groupBy(notUndone, ({ why }) => why)].flatMap(([why, own]) => [
    ...wrapWords(`Not undone, ${countOf(own.length, "case")}: ${notUndoneWords[why]}.`, screen.width),
    ...firstOf(own, isAll).map(({ personId, aspect, eventId }) => `  ${personId} (${aspect}) by ${eventId}`),
    ...moreLine(own.length, isAll),
  ]);
}

function keptLines(kept: readonly Kept[]): string[] {
  return [...groupBy(kept, ({ because }) => because)].map(
    ([because, own]) => `Left alone, ${countOf(own.length, "case")}: ${keptWords[because]}.`,
  );
}

function openLines({ notYet: { held, waiting }, notFound }: UndoPlan, target: Target): string[] {
  return [
    ...(held === 0 ? [] : [`Held, and not carried out: ${held}. See ${hintText(target, "held list")}`]),
    ...(waiting === 0 ? [] : [`Waiting for their day: ${waiting}. See ${hintText(target, "pending")}`]),
    ...(notFound === null || notFound.length === 0
      ? []
      : [`Of the list, nothing was found of ${countPeople(notFound.length)}: ${notFound.join(", ")}`]),
  ];
}

/** What was published. */
export function resultLines({ published, untouched, failed, run }: UndoReport, target: Target): string[] {
  return [
    `${countOf(published, "event")} published in ${targetText(target)}: ${run}.`,
    ...(untouched === 0 ? [] : [`Not reached: ${untouched.toLocaleString("en")}.`]),
    ...failed.map(({ personId, eventId, reason }) => `Not published: ${eventId} of ${personId}: ${reason}`),
  ];
}
