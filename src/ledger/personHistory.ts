import type { Aspect } from "../pipelineSettings.ts";
import type { AddressList } from "./addresses.ts";
import type { BusTimes } from "./decisionOrder.ts";
import type { JournalEntry } from "./ledger.ts";
import type { OperatorAct } from "./operatorDecisions.ts";
import type { HeldDecision, PendingDecision } from "./pendingStore.ts";
import type { Observation } from "./trialObservations.ts";
import type { Order, WaitingNote } from "./waitingNotes.ts";

/** The port through which operators read a person's history. It only reads, and throws what the store throws. */
export interface History {
  /** Everything about one person; `undefined` if the ledger does not know the person. */
  ofPerson(personId: string): Promise<PersonHistory | undefined>;
  /**
   * The ids of people who had the address (lower-case) at their latest decision, or have it in a waiting one; sorted. Earlier
   * addresses of a person are not kept.
   */
  peopleAt(email: string): Promise<string[]>;
  /**
   * The journal entries whose latest outcome was written between two moments (milliseconds since the epoch, the first included and
   * the last not), in that order: what happened last night. Entries of releases before the time index are not among them.
   */
  between(from: number, to: number): AsyncIterable<JournalEntry>;
  /** The same entries, the newest first. Whoever has read enough stops, and the hours before are not read. */
  latest(from: number, to: number): AsyncIterable<JournalEntry>;
}

export interface PersonHistory {
  personId: string;
  heads: Head[];
  /** In the order of the decisions, the oldest first. */
  entries: JournalEntry[];
  /** By their due date. */
  waiting: PendingDecision[];
  /** By the time at which the safeguard held them. */
  held: HeldDecision[];
  /** What operators did at the directory past the events, the oldest first; left out for nothing. */
  acts?: OperatorAct[];
}

/** The state of one aspect of a person. */
export interface Head {
  aspect: Aspect;
  email?: string;
  /** The newest decision that stands. */
  settled?: { eventId: string; version: string; as: "applied" | "rejected" };
  /** The version of the leave that was carried out, where no decision has let the person in since. */
  left?: string;
  /** The addresses of the decisions that stood. */
  addresses?: AddressList;
  /**
   * A claim that is open. While its lease runs (`until`, milliseconds since the epoch) an invocation acts. After that, or
   * where no lease is left, the invocation has died or got no answer, and the message comes again.
   */
  claim?: { version: string; lease?: { owner: string; until: number } };
  /** Versions of the decisions that an operator discarded, if any. */
  discarded?: readonly string[];
  /** The newest decision that each trial has observed. */
  observed?: readonly Observation[];
  /** When the bus received the decisions that are named here, where it is known. */
  busTimes?: BusTimes;
  /** The decisions that wait for their days in places of their own. */
  waiting?: readonly WaitingNote[];
  /** The leaves of absence that the policy ignored, and no return has ended. */
  absent?: readonly Order[];
  /** The version of the newest return that has ended a leave. */
  endedLeave?: string;
}
