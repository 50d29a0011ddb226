import type { DirectoryAccount, DirectoryUser, Failure, Found } from "../directory/directory.ts";
import type { Problem } from "../events/problems.ts";
import type { UserProfile } from "../events/userProfile.ts";
import { undoSuffix } from "../ledger/decisionOrder.ts";
import type { UserBefore } from "../ledger/ledger.ts";
import type { Order } from "../ledger/waitingNotes.ts";
import type { Aspect, Intent } from "../pipelineSettings.ts";

/** The event about a person's access that a change of license follows from, at once or after a while. */
export interface FollowedEvent {
  type: "EmployeeHired" | "EmployeeLeft" | "EmployeeReturned";
  id: string;
}

/** The event that a decision undoes. */
export interface UndoneEvent {
  eventId: string;
  /** In which it is undone, whatever the policy says of the address by now. */
  accountId: string;
  /** When an operator undid it. Milliseconds since the epoch. */
  at: number;
}

/**
 * One HR event, parsed as an intent for one person. `index` is the position of its record in the batch, and the only link back
 * to it.
 */
export interface Decision {
  index: number;
  /** How often the queue has handed the message out, this time included. */
  receiveCount: number;
  eventId: string;
  correlationId: string | undefined;
  /** The system that the event comes from, as the event says. */
  origin: string | undefined;
  personId: string;
  /** Set by the policy; `undefined` before it was applied, and for decisions out of scope. */
  accountId: string | undefined;
  intent: Intent;
  aspect: Aspect;
  /** Lower-case, as are `previousEmails`: addresses compare case-insensitively. */
  email: string;
  previousEmails: readonly string[];
  userId: string | undefined;
  role: string | undefined;
  /** By name, as HR writes them. */
  attributes: Readonly<Record<string, string>> | undefined;
  /** For a user that is created; nothing is decided by it, and no journal and no log has it. */
  profile: UserProfile | undefined;
  /** Texts of the profile that were wrong, and are left out. */
  droppedTexts: readonly Problem[];
  /** Why somebody leaves, in HR's words. */
  reason: string | undefined;
  licenseType: string | undefined;
  /** Set for a follow-up only. */
  follows: FollowedEvent | undefined;
  urgent: boolean;
  /** The user as a reconciliation saw them before; nothing is decided by it. */
  userBefore?: UserBefore;
  /** Set for a decision that undoes another one. */
  undoes?: UndoneEvent;
  /** When HR decided, and when that takes effect. Milliseconds since the epoch. */
  occurredAt: number;
  effectiveAt: number;
  /** Orders the decisions about one person and aspect; see `versionKey`. */
  version: string;
  /** Since when the decision waits for its user to exist, if it does. Milliseconds since the epoch. */
  waitingSince: number | undefined;
  /** When the queue first handed the message out. Milliseconds since the epoch. */
  receivedAt: number;
  /** When Rollcall first received the event, before it waited for its day, its user or an operator. Milliseconds since the epoch. */
  firstReceivedAt: number;
  /**
   * When the bus first received the event, as it says; 0 where nobody knows. Milliseconds since the epoch. For a follow-up it is
   * the cause's, so far back that every license of HR's own comes after it.
   */
  busTime: number;
  /** The order that the event itself gives, where the ledger has ordered the decision after a return (`orderedAs` of a grant). */
  ofEvent?: Order;
}

/** A decision in scope. It has an account and, for a license change, a license. */
export interface ScopedDecision extends Decision {
  accountId: string;
}

/** All messages of a batch about one person and aspect. */
export interface PersonDecisions<D extends Decision> {
  /** The newest decision: the one that is carried out. */
  newest: D;
  /** Further copies of the newest decision's event. */
  duplicates: readonly D[];
  /** Decisions that the newest one supersedes. */
  older: readonly D[];
  /** Set for a further account or address of a leaver: the group whose claim and messages these are. */
  partOf?: PersonDecisions<D>;
}

/** A group with its account and its user, as the directory describes them. */
export interface ResolvedPerson {
  group: PersonDecisions<ScopedDecision>;
  account: Found<DirectoryAccount>;
  user: UserResolution;
}

/**
 * `notAsked`: the call needs no more than the event holds. `known`: only the id is known, from an earlier look-up that the
 * ledger remembers, from a scan of a moment ago, or else from the event.
 */
export type UserResolution =
  | { kind: "notAsked" }
  | { kind: "known"; userId: string; from?: "memory" | "scan"; seen?: EarlierSight }
  | { kind: "found"; user: DirectoryUser }
  | { kind: "absent" }
  | { kind: "failed"; failure: Failure };

/** A user as a scan saw them a moment ago: good enough for the journal, and for no decision. `at`: milliseconds since the epoch. */
interface EarlierSight {
  user: DirectoryUser;
  at: number;
}

/** A queue message, as far as provisioning needs it. */
export interface QueueRecord {
  body: string;
  /** How often the queue has handed the message out, this time included. */
  receiveCount: number;
  /** When the queue first handed the message out. Milliseconds since the epoch. */
  receivedAt: number;
}

/** The fields that order decisions. Times in milliseconds since the epoch. */
export interface Version {
  occurredAt: number;
  effectiveAt: number;
  intent: Intent;
  eventId: string;
  /**
   * Of a decision that undoes another one: the id of the event at the beginning, whether that is a leave, and how many undo it and each
   * other since then. Its times are those of that event.
   */
  undoing?: { first: string; isFirstLeave: boolean; nth: number };
}

/**
 * Writes a text that names a decision about one person and aspect, and whose beginning orders decisions with different times, in
 * JavaScript and in DynamoDB's conditions alike.
 *
 * When HR decided comes first. Of decisions made at the same time the one with the later effect is the newer: a leave
 * and the return from it may be entered together. What decides between those with the same effect, see `compareDecisions`.
 */
export function versionKey({ occurredAt, effectiveAt, intent, eventId, undoing }: Version): string {
  const restrictiveness = intent === "offboard" ? "|1|" : "|0|";
  const decided = sortable(occurredAt);
  const effective = effectiveAt === occurredAt ? decided : sortable(effectiveAt);
  const beginning = `${decided}|${effective}${restrictiveness}`;
  if (undoing === undefined) return beginning + asciiOf(eventId);
  return beginning + asciiOf(undoing.first) + undoSuffix(undoing.nth, undoing.isFirstLeave);
}

/** Years 1 to 9999 as positive numbers of one width. */
function sortable(milliseconds: number): string {
  return String(milliseconds + 100_000_000_000_000).padStart(15, "0");
}

/** DynamoDB compares bytes and JavaScript UTF-16 units; over ASCII the two agree. */
function asciiOf(text: string): string {
  if (printableAscii.test(text)) return text;
  return text.replaceAll(
    /[^\x20-\x24\x26-\x7e]/g,
    (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Nearly every id is one. */
const printableAscii = /^[\x20-\x24\x26-\x7e]*$/;
