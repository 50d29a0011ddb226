import { answerOf, type DirectoryAccount } from "../../directory/directory.ts";
import type { Aspect, Intent } from "../../pipelineSettings.ts";
import type { FindAfterSuspension } from "../../policy/afterSuspension.ts";
import { groupBy } from "../../provisioning/groupByPerson.ts";
import { countBy, type Redact } from "../displayText.ts";
import type { Found, UndoFilter, Unknowable, WrongChange } from "./findWrongChanges.ts";
import { type UndoAction, type UndoDraft, undoId } from "./undoEvents.ts";

/**
 * What comes of it, as far as the account's type allows. `byInvitation`: the person gets a new invitation, and has no access before it is
 * accepted. `asNewUser`: the directory has deleted the user, and makes a new one, without what the first one had. `onRegistration`: once the
 * person registers. `deleted`: the user is not suspended but deleted. `unknown`: the account could not be read.
 */
type UndoEffect =
  | "asBefore"
  | "byInvitation"
  | "asNewUser"
  | "onRegistration"
  | "suspended"
  | "deleted"
  | "unknown";

/** One event to be published. Times are ISO 8601 in UTC. */
export interface UndoItem {
  personId: string;
  aspect: Aspect;
  accountId: string;
  action: UndoAction;
  /** As the wrong decisions left it, and how it was before: `active`, `suspended` or a license. */
  now: string;
  before: string;
  /** Who tells how it was before; `eventId` where a decision does. */
  knownBy: "directory" | "decision" | "superseded";
  knownByEvent?: string;
  effect: UndoEffect;
  /** The wrong decisions that changed it, the oldest first; the event has the place after the last one that stands. */
  events: readonly string[];
  undoes: string;
  decidedAt: string;
  settledAt: string;
  /** The id of the event to be published: the same each time. */
  eventId: string;
  /** A license that comes with a new user or a new invitation. */
  license?: string;
  /** The user was made by the wrong decision, and stays, without access. */
  staysAsUser?: true;
  /** Accounts in which a further user of the leaver stays suspended. */
  alsoAt?: readonly string[];
  /** Decisions that waited for their day, and that the wrong ones cancelled: they do not come back. */
  cancelled?: readonly { eventId: string; intent: Intent; effectiveAt: string }[];
}

/** What is not undone, because nobody can tell the opposite, or because the account takes no such orders or is gone from the policy. */
export interface NotUndone {
  personId: string;
  aspect: Aspect;
  eventId: string;
  why: Unknowable | "takesNoOrders" | "notInPolicy";
}

/** What stays as it is: a newer decision stands, it is undone already, or it is as it was before. */
export interface Kept {
  personId: string;
  aspect: Aspect;
  eventId: string;
  because: "newer" | "undone" | "asBefore";
  by?: string;
}

/** What cannot be taken back in an account, of its leavers who return: sessions that were ended, and PINs that were replaced. */
export interface UndoAccount {
  accountId: string;
  /** The service's word for it; `null` if it could not be read. */
  type: string | null;
  actions: Partial<Record<UndoAction, number>>;
  effects: Partial<Record<UndoEffect, number>>;
  signedOut: boolean;
  newPins: boolean;
  /** Why the account could not be read. */
  problem?: string;
}

/** The plan of an undo, as a program or a page may show it. */
export interface UndoPlan {
  table: string;
  since: string;
  until: string;
  origin: readonly string[] | null;
  roster: readonly string[] | null;
  account: readonly string[] | null;
  /** Those of the list of people of whom nothing wrong was found; `null` without a list. */
  notFound: string[] | null;
  /** People whose access or license is to be changed. */
  people: number;
  actions: Partial<Record<UndoAction, number>>;
  accounts: UndoAccount[];
  changes: UndoItem[];
  notUndone: NotUndone[];
  kept: Kept[];
  /** Wrong decisions that have changed nothing yet: they are held, or wait. */
  notYet: { held: number; waiting: number };
}

/** An account of the policy as far as it is known: `problem` says why it could not be read. */
export type KnownAccount = { account: DirectoryAccount } | { problem: string };

export interface PlanContext {
  filter: UndoFilter;
  accounts: ReadonlyMap<string, KnownAccount>;
  findAfterSuspension: FindAfterSuspension;
  notYet: UndoPlan["notYet"];
  notFound?: readonly string[];
  table: string;
  redact: Redact;
}

/** A plan to show, and what is to be published for each of its changes, which holds addresses. */
export interface PlannedUndo {
  plan: UndoPlan;
  drafts: readonly UndoDraft[];
}

/** Plans the opposite of what was found, as far as the accounts take it. Pure: the same findings give the same events. */
export function planUndo(found: readonly Found[], context: PlanContext): PlannedUndo {
  const { filter, redact, table, notYet, notFound } = context;
  const licenses = new Map(
    found.flatMap((one) =>
      one.kind === "wrong" && one.change.before.kind === "license"
        ? [[one.change.personId, one.change.before.license] as const]
        : [],
    ),
  );
  const drafts: UndoDraft[] = [];
  const changes: UndoItem[] = [];
  const notUndone: NotUndone[] = [];
  const kept: Kept[] = [];
  for (const one of found) {
    if (one.kind === "kept") kept.push(toKept(one, redact));
    else if (one.kind === "unknowable") notUndone.push(toNotUndone(one, redact));
    else {
      const { change } = one;
      const action = actionOf(change);
      const effect = effectOf(action, context.accounts.get(change.accountId));
      if (effect === "takesNoOrders" || effect === "notInPolicy") {
        notUndone.push(toNotUndone({ ...change, why: effect }, redact));
        continue;
      }
      const license = licenseWith(change, effect, licenses.get(change.personId));
      drafts.push({ change, action, ...(license !== undefined && { license }) });
      changes.push(toItem(change, { action, effect, license }, redact));
    }
  }
  return {
    plan: {
      table,
      since: new Date(filter.since).toISOString(),
      until: new Date(filter.until).toISOString(),
      origin: filter.origin ?? null,
      roster: filter.roster ?? null,
      account: filter.account ?? null,
      notFound: notFound === undefined ? null : notFound.map(redact),
      people: new Set(changes.map(({ personId }) => personId)).size,
      actions: countBy(changes, ({ action }) => action),
      accounts: describeAccounts(changes, context),
      changes,
      notUndone,
      kept,
      notYet,
    },
    drafts,
  };
}

function actionOf({ before }: WrongChange): UndoAction {
  if (before.kind === "license") return "license";
  return before.state === "active" ? "return" : "leave";
}

/** Asks the account what it answers to the event, as the functions will. */
function effectOf(
  action: UndoAction,
  known: KnownAccount | undefined,
): UndoEffect | "takesNoOrders" | "notInPolicy" {
  if (known === undefined) return "notInPolicy";
  if (!("account" in known)) return "unknown";
  const { account } = known;
  const deletes = account.suspension === "deletes";
  const answer = answerTo(action, account, deletes);
  if (answer.kind === "reject") return "takesNoOrders";
  if (action === "license") return "asBefore";
  if (action === "leave") return deletes ? "deleted" : "suspended";
  if (answer.kind === "await") return "onRegistration";
  if (answer.kind === "call" && answer.operation === "create") return deletes ? "asNewUser" : "byInvitation";
  return "asBefore";
}

function answerTo(action: UndoAction, account: DirectoryAccount, deletes: boolean) {
  switch (action) {
    case "return":
      return answerOf(account, "reinstate", deletes ? "absent" : "suspended");
    case "leave":
      return answerOf(account, "offboard", "active");
    case "license":
      return answerOf(account, "relicense", "active");
  }
}

/** Who comes back as a new user, or by an invitation, begins with the account's license. */
function licenseWith(
  { before }: WrongChange,
  effect: UndoEffect,
  undoneLicense: string | undefined,
): string | undefined {
  if (before.kind !== "access" || (effect !== "byInvitation" && effect !== "asNewUser")) return undefined;
  return undoneLicense ?? before.license;
}

function toItem(
  change: WrongChange,
  { action, effect, license }: { action: UndoAction; effect: UndoEffect; license: string | undefined },
  redact: Redact,
): UndoItem {
  const { personId, aspect, accountId, before, knownBy, events, standing, alsoAt, cancelled, wasAbsent } =
    change;
  const isAccess = before.kind === "access";
  const licenseNow = standing.license === undefined ? "another license" : redact(standing.license);
  const isActiveNow = isAccess && before.state === "suspended";
  return {
    personId: redact(personId),
    aspect,
    accountId: redact(accountId),
    action,
    now: isAccess ? (isActiveNow ? "active" : "suspended") : licenseNow,
    before: isAccess ? before.state : redact(before.license),
    knownBy: knownBy.kind,
    ...(knownBy.kind !== "directory" && { knownByEvent: redact(knownBy.eventId) }),
    effect,
    events: events.map(redact),
    undoes: redact(standing.eventId),
    decidedAt: standing.occurredAt,
    settledAt: standing.settledAt,
    eventId: redact(undoId(change)),
    ...(license !== undefined && { license: redact(license) }),
    ...(action === "leave" && wasAbsent && { staysAsUser: true as const }),
    ...(alsoAt.length > 0 && { alsoAt: alsoAt.map(redact) }),
    ...(cancelled.length > 0 && {
      cancelled: cancelled.map(({ eventId, intent, effectiveAt, occurredAt }) => ({
        eventId: redact(eventId),
        intent,
        effectiveAt: effectiveAt ?? occurredAt,
      })),
    }),
  };
}

function toNotUndone(
  {
    personId,
    aspect,
    standing,
    why,
  }: Pick<WrongChange, "personId" | "aspect" | "standing"> & Pick<NotUndone, "why">,
  redact: Redact,
): NotUndone {
  return { personId: redact(personId), aspect, eventId: redact(standing.eventId), why };
}

function toKept(
  { personId, aspect, eventId, because, by }: Extract<Found, { kind: "kept" }>,
  redact: Redact,
): Kept {
  return {
    personId: redact(personId),
    aspect,
    eventId: redact(eventId),
    because,
    ...(by !== undefined && { by: redact(by) }),
  };
}

function describeAccounts(
  changes: readonly UndoItem[],
  { accounts, findAfterSuspension }: PlanContext,
): UndoAccount[] {
  return [...groupBy(changes, ({ accountId }) => accountId)].map(([accountId, own]) => {
    const known = accounts.get(accountId);
    const account = known !== undefined && "account" in known ? known.account : undefined;
    const hasReturns = own.some(({ action }) => action === "return");
    const { signOut, resetPin } = findAfterSuspension(accountId);
    const takes = (operation: "signOut" | "resetPin") =>
      account === undefined || account.postSuspensionActions.includes(operation);
    return {
      accountId,
      type: account?.type ?? null,
      actions: countBy(own, ({ action }) => action),
      effects: countBy(own, ({ effect }) => effect),
      signedOut: hasReturns && signOut && takes("signOut"),
      newPins: hasReturns && resetPin && takes("resetPin"),
      ...(known !== undefined && "problem" in known && { problem: known.problem }),
    };
  });
}
