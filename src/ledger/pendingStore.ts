import * as z from "zod";
import { boundedList, parseJson } from "../events/boundedJson.ts";
import { type Aspect, type Intent, isPipelineName } from "../pipelines.ts";

/** A change of license that waits because it follows from a decision about access, by what that decision was. */
export type FollowUpKind = (typeof followUpKinds)[number];
export const followUpKinds = ["licenseAfterJoining", "licenseAfterLeaving"] as const;

/** What a person can have one of each waiting. */
export type WaitingKind = Intent | FollowUpKind;

export function waitingKind({ intent, followUp }: Pick<Waiting, "intent" | "followUp">): WaitingKind {
  return followUp ?? intent;
}

export function isWaitingKind(value: string): value is WaitingKind {
  return isPipelineName(value) || followUpKinds.some((kind) => kind === value);
}

/** A decision that waits: one per person and kind, the newest. */
interface Waiting {
  personId: string;
  /** A decision about this aspect takes it away, if it is newer: about access, for what follows from access. */
  aspect: Aspect;
  intent: Intent;
  /** Absent where the waiting decision is one of HR's own. */
  followUp?: FollowUpKind;
  eventId: string;
  /** What the order of those that wait goes by; for what follows from a decision it is that one's. */
  version: string;
  /** The event to publish when it is due: a line as `rollcall publish` reads it. */
  event: string;
}

/** A decision that waits for its day. */
export interface PendingDecision extends Waiting {
  /** Milliseconds since the epoch. */
  dueAt: number;
  /** Why it waits. `released`: it was held, and an operator has approved of it. `follows`: from another decision. */
  because: "effectiveLater" | "notRegistered" | "released" | "follows";
}

/** A decision that the safeguard holds: it has no day until an operator releases it. */
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

export type WaitingDecision = PendingDecision | HeldDecision;

/** As it lay in the store. The token changes with every write, so that what was written anew meanwhile stays. */
interface Stored {
  token: string;
}
export type StoredDecision = PendingDecision & Stored;
export type StoredHeldDecision = HeldDecision & Stored;

/** The port to the decisions that wait. */
export interface PendingStore {
  /** Puts decisions off, one answer for each in their order. Takes the place of an older one of the same kind. */
  defer(decisions: readonly WaitingDecision[]): Promise<DeferAnswer[]>;
  /**
   * Decisions that wait for a day, by their due date: those due by `until` (milliseconds), or all. Those that are held
   * have none. Throws what the store throws.
   */
  list(until?: number): AsyncIterable<StoredDecision>;
  /** Removes a decision that has been published, unless it was put off anew meanwhile. Throws what the store throws. */
  remove(decision: StoredDecision): Promise<void>;
}

export type DeferAnswer =
  | { kind: "deferred" }
  /** A newer decision of the same kind waits already. */
  | { kind: "superseded"; by: string }
  | { kind: "fault"; reason: string };

/** What a waiting event says of itself. */
export interface WaitingEvent {
  /** Lower-case: the current address, then the previous ones. */
  emails: string[];
  /** Since when it waits for its user to exist. ISO 8601. */
  waitingSince?: string;
}

const schema = z.object({
  detail: z.object({
    metadata: z.object({ waitingSince: z.string().exactOptional() }),
    data: z.object({ email: z.string(), previousEmails: boundedList(z.string()).optional() }),
  }),
});

/**
 * Reads the line that a waiting decision will be published as. It passed the schema when it came, so one that does not
 * read like an event is no reason to fail: it has no address then.
 */
export function readWaitingEvent(line: string): WaitingEvent {
  const parsed = schema.safeParse(parseJson(line));
  if (!parsed.success) return { emails: [] };
  const { metadata, data } = parsed.data.detail;
  const emails = [data.email, ...(data.previousEmails ?? [])].map((email) => email.toLowerCase());
  return { emails, ...metadata };
}
