import type { Kept, NotUndone, UndoAccount, UndoItem, UndoPlan } from "../undo/planUndo.ts";
import type { UndoAction } from "../undo/undoEvents.ts";
import { countOf, countPeople } from "./plainWords.ts";

// The words for a plan of an undo, for whoever shows one.

const actionWords: Record<UndoAction, { noun: string; becomes: string }> = {
  return: { noun: "return", becomes: "active" },
  leave: { noun: "suspension", becomes: "suspended" },
  license: { noun: "license", becomes: "" },
};

/** `12 returns, 3 licenses`. */
export function actionsText(actions: UndoPlan["actions"]): string {
  const order: readonly UndoAction[] = ["return", "leave", "license"];
  return order
    .flatMap((action) => {
      const count = actions[action] ?? 0;
      return count === 0 ? [] : [countOf(count, actionWords[action].noun)];
    })
    .join(", ");
}

/** What becomes of a person: `active, by a new invitation`. */
export function becomesText({ action, before, effect, license, staysAsUser }: UndoItem): string {
  const state = action === "license" ? before : actionWords[action].becomes;
  const how = effectWords[effect];
  return [
    state,
    ...(how === "" ? [] : [how]),
    ...(license === undefined ? [] : [license]),
    ...(staysAsUser ? ["the user stays"] : []),
  ].join(", ");
}

const effectWords: Record<UndoItem["effect"], string> = {
  asBefore: "",
  byInvitation: "by a new invitation",
  asNewUser: "as a new user",
  onRegistration: "once they register",
  suspended: "",
  deleted: "deleted",
  unknown: "if the account allows it",
};

/** Who tells how it was before: `hr-17`, or nothing where somebody looked. */
export function knownByText({ knownBy, knownByEvent = "" }: UndoItem): string {
  switch (knownBy) {
    case "directory":
      return "seen before";
    case "decision":
      return `by ${knownByEvent}`;
    case "superseded":
      return `${knownByEvent} counts again`;
  }
}

export const notUndoneWords: Record<NotUndone["why"], string> = {
  unknownBefore: "nobody looked at the user before, and no earlier decision tells how it was",
  furtherUser: "a further user of the leaver was suspended, and how that one was before is not known",
  keepsOut:
    "it has changed nothing yet, but keeps out what waits for its day: undo it again once that day has come, or send that anew",
  supersededUnknown: "an older decision would count again, and the journal does not tell what it was",
  severalAccounts: "the decisions changed users of several accounts",
  noAddress: "the ledger knows no address",
  takesNoOrders: "the account is managed elsewhere: change it there",
  notInPolicy: "the policy has no such account any more",
};

export const keptWords: Record<Kept["because"], string> = {
  newer: "a newer decision stands",
  undone: "undone already",
  asBefore: "as before all the same",
};

/** What cannot be taken back in an account: a sentence for each. */
export function lossesOf({
  accountId,
  type,
  actions,
  effects,
  signedOut,
  newPins,
  problem,
}: UndoAccount): string[] {
  const account = type === null ? accountId : `${accountId} (${type})`;
  const { byInvitation, asNewUser, onRegistration, deleted, unknown } = effects;
  const losses: readonly (readonly [text: string, count: number | undefined])[] = [
    ["no access before a new invitation is accepted", byInvitation],
    ["deleted, and made anew without what the user had", asNewUser],
    ["no access before the person registers anew", onRegistration],
    ["deleted, as this directory does with whom it suspends", deleted],
    [`not known what the account allows, because it could not be read (${problem ?? ""})`, unknown],
    ["signed out, and to sign in again", signedOut ? actions.return : undefined],
    ["a new meeting PIN, which stays", newPins ? actions.return : undefined],
  ];
  const texts = losses.flatMap(([text, count = 0]) =>
    count === 0 ? [] : [`${text}: ${countPeople(count)}`],
  );
  return texts.map((text) => `${account}: ${text}`);
}

/** What the operator has to know beside the plan. */
export const sameFeedWarning =
  "The next sync of the same feed does it again: mend the feed first, or stop it with rollcall pause.";

/** Undone hires and returns are suspensions as any others: beyond the limit they are held, and undone only once they are released. */
export function heldWarning({ leave = 0 }: UndoPlan["actions"]): string | undefined {
  if (leave === 0) return undefined;
  const them = leave === 1 ? "it" : "them";
  return `The safeguard counts the ${countOf(leave, "suspension")}, and may hold ${them}: rollcall safeguard allow lets ${them} pass in advance.`;
}
