import * as z from "zod";
import { boundedList, parseJson } from "../events/boundedJson.ts";
import { type Aspect, type Intent, isPipelineName } from "../pipelineSettings.ts";
import { compareDecisions, type OrderedDecision, type Tie, tieOf } from "./decisionOrder.ts";
import type { WaitingNote } from "./waitingNotes.ts";

/** The kinds of follow-ups: changes of license that follow from a decision about access, by what that decision was. */
export type FollowUpKind = (typeof followUpKinds)[number];
export const followUpKinds = ["licenseAfterJoining", "licenseAfterLeaving"] as const;

/** The kinds of waiting decisions; a person has at most one of each, beside those in places of their own. */
export type WaitingKind = Intent | FollowUpKind;

export function waitingKind({ intent, followUp }: Pick<Waiting, "intent" | "followUp">): WaitingKind {
  return followUp ?? intent;
}

export function isWaitingKind(value: string): value is WaitingKind {
  return isPipelineName(value) || followUpKinds.some((kind) => kind === value);
}

/** A decision that waits: one per person and kind, the newest, beside those in places of their own. */
interface Waiting {
  personId: string;
  /** A newer decision about this aspect cancels it. For a follow-up this is access. */
  aspect: Aspect;
  intent: Intent;
  /** Absent for HR's own decisions. */
  followUp?: FollowUpKind;
  eventId: string;
  /** Orders waiting decisions. A follow-up has the version of the decision that it follows from. */
  version: string;
  /** When the bus first received the event, or that which a follow-up follows from. Milliseconds since the epoch. */
  busTime?: number;
  /** It waits in a place of its own, beside other decisions of its kind: see `WaitingNote`. */
  hasOwnPlace?: true;
  /** The event to publish when it is due: a line as `rollcall publish` reads it. */
  event: string;
}

/** A decision that waits for its date. */
export interface PendingDecision extends Waiting {
  /** Milliseconds since the epoch. */
  dueAt: number;
  /**
   * Why it waits. `fromTheFuture`: HR says that it is decided only then. `released`: it was held, and an operator has approved it.
   * `follows`: it is a follow-up.
   */
  because: (typeof pendingReasons)[number];
}

export const pendingReasons = [
  "effectiveLater",
  "fromTheFuture",
  "notRegistered",
  "released",
  "follows",
] as const;

/** A suspension that the safeguard holds. It has no date until an operator releases it. */
export interface HeldDecision extends Waiting {
  because: "held";
  accountId: string;
  /** Milliseconds since the epoch. */
  heldAt: number;
  rule: HeldRule;
}

/** `SuspensionLimit`: its batch would have crossed the limit. `SuspensionLatch`: the latch was closed already. */
export type HeldRule = (typeof heldRules)[number];
export const heldRules = ["SuspensionLimit", "SuspensionLatch"] as const;

/**
 * A decision to be stored. `isClaimed`: this invocation has claimed the head whose decisions cancel it, and notes it there when it
 * commits the claim; otherwise the store notes it. `license`: what a change of license asks for, which is noted there only.
 */
export type WaitingDecision = (PendingDecision | HeldDecision) & { isClaimed?: true; license?: string };

/**
 * Tells a decision apart that waits in a place of its own, beside those of its kind; `undefined` for all others. What HR says that
 * it will decide replaces nothing before, and nothing replaces it: what it is worth is decided when it is due.
 */
export function ownPlaceOf(waiting: WaitingPlace): string | undefined {
  if (waiting.hasOwnPlace) return besidePlace(waiting);
  return waiting.because === "fromTheFuture" ? `${waiting.dueAt}#${waiting.eventId}` : undefined;
}

/** Where a decision waits beside others of its kind: one id is one event. Those that are dated ahead begin with a figure. */
export function besidePlace({ eventId }: { eventId: string }): string {
  return `beside#${eventId}`;
}

/** What a head notes of a decision that waits beside others of its kind. */
export function toNote({ intent, eventId, version, busTime, license, event }: WaitingDecision): WaitingNote {
  const { emails } = readWaitingEvent(event);
  const told = { ...(busTime !== undefined && { busTime }), ...(license !== undefined && { license }) };
  return { intent, eventId, version, emails, ...told };
}

/** What decides where a decision waits. */
export type WaitingPlace = Pick<
  Waiting,
  "personId" | "intent" | "followUp" | "eventId" | "version" | "hasOwnPlace"
> &
  (Pick<PendingDecision, "because" | "dueAt"> | Pick<HeldDecision, "because">);

/** Whether the store notes the decision on the head whose decisions cancel it. */
export function isNotedByStore({ because, isClaimed }: WaitingDecision): boolean {
  return because !== "fromTheFuture" && !isClaimed;
}

/** A decision as it was read from the store. The token changes with every write, so that a later write is not removed. */
interface Stored {
  token: string;
}
export type StoredDecision = PendingDecision & Stored;
export type StoredHeldDecision = HeldDecision & Stored;

/** The port to the decisions that wait. */
export interface PendingStore {
  /** Stores decisions, one answer for each in their order. A decision replaces an older one of its place. */
  defer(decisions: readonly WaitingDecision[]): Promise<DeferAnswer[]>;
  /**
   * Lists the decisions that wait for a date, by that date: those due by `until` (milliseconds), or all. Held ones have no
   * date, and are not among them. Throws what the store throws.
   */
  list(until?: number): AsyncIterable<StoredDecision>;
  /**
   * Those of the decisions that still wait as they were listed, in their order. A list may lag behind by a moment, this does not.
   * Throws what the store throws.
   */
  stillWaiting(decisions: readonly StoredDecision[]): Promise<StoredDecision[]>;
  /** Removes a decision that has been published, unless it was deferred anew meanwhile. Throws what the store throws. */
  remove(decision: StoredDecision): Promise<void>;
}

export type DeferAnswer =
  | { kind: "deferred" }
  /** A newer decision of the same kind waits already. */
  | { kind: "superseded"; by: string; tie?: Tie }
  | Fault;

/** The answer to a decision in whose place a newer one waits; `undefined` if it may take the place. */
export function supersededInPlace(
  waiting: (OrderedDecision & { eventId: string }) | undefined,
  decision: OrderedDecision,
): Extract<DeferAnswer, { kind: "superseded" }> | undefined {
  if (waiting === undefined || compareDecisions(waiting, decision) <= 0) return undefined;
  const tie = tieOf(waiting, decision);
  return { kind: "superseded", by: waiting.eventId, ...(tie !== undefined && { tie }) };
}

/** The store did not do its part, or nobody knows whether it did. `cause`: what was thrown, for the log. */
export interface Fault {
  kind: "fault";
  reason: string;
  cause?: unknown;
}

/** The parts of a waiting event that operators search by. */
export interface WaitingEvent {
  /** Lower-case: the current address, then the previous ones. */
  emails: string[];
  /** What HR says of the person beside the address, by name: `department` and the like. */
  attributes?: Readonly<Record<string, string>>;
  /** Since when it waits for its user to exist. ISO 8601. */
  waitingSince?: string;
}

const schema = z.object({
  detail: z.object({
    metadata: z.object({ waitingSince: z.string().exactOptional() }),
    data: z.object({
      email: z.string(),
      previousEmails: boundedList(z.string()).optional(),
      attributes: z.record(z.string(), z.string()).optional().catch(undefined),
    }),
  }),
});

/**
 * Parses the line that a waiting decision will be published as. It passed the schema when it came, so one that cannot be
 * parsed is no reason to fail: it has no address then.
 */
export function readWaitingEvent(line: string): WaitingEvent {
  const parsed = schema.safeParse(parseJson(line));
  if (!parsed.success) return { emails: [] };
  const { metadata, data } = parsed.data.detail;
  const emails = [data.email, ...(data.previousEmails ?? [])].map((email) => email.toLowerCase());
  const { attributes } = data;
  return { emails, ...metadata, ...(attributes !== undefined && { attributes }) };
}
