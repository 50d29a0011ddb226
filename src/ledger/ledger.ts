import type { Aspect, Intent } from "../pipelineSettings.ts";
import type { AddressList } from "./addresses.ts";
import type { Tie } from "./decisionOrder.ts";
import type { Fault, WaitingKind } from "./pendingStore.ts";
import type { Order, WaitingNote } from "./waitingNotes.ts";

/**
 * The port to the ledger of decisions. It keeps the order per person and aspect, makes a redelivered event harmless, and is
 * the audit trail. Nothing here throws for a fault of the store: a fault is an answer, because each message of a batch needs
 * an outcome of its own.
 */
export interface Ledger {
  /** Asks for the right to act on decisions; one answer for each claim, in their order. */
  claim(claims: readonly Claim[], lease: Lease): Promise<ClaimAnswer[]>;
  /**
   * Writes the journal, then ends the claims: a `stand` moves the head forward, a `release` leaves it. One answer for each, in
   * their order; a `fault` means that the message must come again.
   */
  commit(results: readonly ClaimResult[], lease: Lease): Promise<CommitAnswer[]>;
  /** Writes journal entries of decisions that were never claimed. An entry whose outcome is final stays. */
  record(entries: readonly JournalEntry[]): Promise<CommitAnswer[]>;
  /**
   * Ends the claims of workers that died over decisions which need no claim any more. Otherwise older decisions about the same
   * people would wait for them for ever. One answer for each; a `fault` means that the message must come again.
   */
  abandon(claims: readonly Claim[], lease: Lease): Promise<AbandonAnswer[]>;
  /** Whether events came to their final outcome before, as the journal has it; one answer for each, in their order. */
  ended(events: readonly Pick<Claim, "personId" | "eventId" | "intent">[]): Promise<EndedAnswer[]>;
  /** Which decision about an aspect of a person stands; one answer for each, in their order. */
  standing(heads: readonly Pick<Claim, "personId" | "aspect">[]): Promise<StandingAnswer[]>;
  /** Whose each address (lower-case) is: it is that of their latest decision. One answer for each, in their order. */
  ownersOf(emails: readonly string[]): Promise<OwnersAnswer[]>;
}

/** The lease of an invocation: `until` is the moment at which it must have ended. Milliseconds since the epoch. */
export interface Lease {
  owner: string;
  now: number;
  until: number;
}

/** One decision about one person and aspect. `version` orders them (`versionKey`). */
export interface Claim {
  personId: string;
  aspect: Aspect;
  intent: Intent;
  eventId: string;
  version: string;
  /** When the bus first received the event: it decides between decisions with the same times. Milliseconds since the epoch. */
  busTime?: number;
  /** Lower-case. Stored with the head, so that an operator can find a person by address. */
  email: string;
  /** Earlier addresses of the person, as the event names them. */
  previousEmails?: readonly string[];
  /** Of further decisions that share the claim's fate: the addresses of each, where they are not those of the claim. */
  beside?: readonly AddressList[];
  /** The versions of older decisions that came with it: a claim of one of them that is open is its own. */
  older?: readonly string[];
  /** What a change of license asks for. */
  licenseType?: string | undefined;
  /** A leave of absence that the policy ignores. */
  isIgnoredLeave?: true;
  /** Its account and its source, by which trials may have observed newer decisions about the person. */
  accountId?: string | undefined;
  origin?: string | undefined;
}

export type ClaimAnswer =
  /**
   * The decision is the newest and nobody else acts. `interrupted`: an earlier try at this very decision, or at
   * an older one that came with it, never ended its claim, so the call may have been made. `pending`: kinds of decisions that wait for their date;
   * `replaces`: those in places of their own that wait no longer if it stands. `orderedAs`: how it is ordered, where a newer
   * return has left it waiting.
   * `approvedBy`: the operator who released this very decision, after the safeguard had held it; `approvalNote`: why.
   * `counted`: the safeguard let this very decision pass at an earlier try, and counts it still. `carriedOut`: the journal
   * says that an earlier try has carried it out, and only the claim did not end. `leftBefore`: a leave was carried out, and no
   * decision has let the person in since. `userBefore`: how an earlier try of it found the user. `tie`: what makes it newer than the decision that stands, which HR made at the same time.
   */
  | {
      kind: "granted";
      interrupted: boolean;
      pending: readonly WaitingKind[];
      replaces?: readonly WaitingNote[];
      orderedAs?: Order;
      approvedBy?: string;
      approvalNote?: string;
      counted?: true;
      carriedOut?: true;
      leftBefore?: true;
      tie?: Tie;
      userBefore?: UserBefore;
    }
  /** This event came to its final outcome before. */
  | { kind: "duplicate" }
  /** The decision would supersede another one, or be superseded, which is about somebody else: they share no address. */
  | { kind: "ambiguous" }
  /** One of the older decisions that came with it is ordered after it, because a newer return has left that waiting: its version. */
  | { kind: "reordered"; newest: string }
  /** An operator discarded this very event, so it is never carried out. It supersedes no older decision. */
  | { kind: "discarded" }
  /** An event with its id came to its end before, under another time, or waits under a newer one. It supersedes no older decision. */
  | { kind: "ended" }
  /**
   * A newer decision stands; `by` is its event id. `tie`: what makes it the newer one, where both were made at one time.
   * `waits`: that one still waits for its day, so this one supersedes no older decision either.
   */
  | { kind: "superseded"; by: string; tie?: Tie; waits?: true }
  /**
   * Another invocation acts for this person until then, in milliseconds since the epoch; or one that acted on a newer
   * decision never ended its claim, and that decision comes again.
   */
  | { kind: "busy"; until: number }
  | Fault;

/** How a claim ends. */
export type ClaimResult = { claim: Claim } & (
  | {
      kind: "stand";
      /** A `rejected` decision stands over older ones too, but may be tried again. */
      as: "applied" | "rejected";
      entry: JournalEntry;
      /** Kinds of decisions that wait for their date: this one cancels those that are not newer. */
      pending: readonly WaitingKind[];
      /** Decisions in places of their own that wait no longer (`replacedBy`). The journal tells that they are superseded. */
      replaces?: readonly WaitingNote[];
      /** A decision of this kind was stored with it, and waits from now on. */
      waits?: WaitingKind;
      /** The approval that the claim was granted with: it ends here. */
      approvedBy?: string;
      /**
       * The directory is as it says, whether a call was needed or not. Rejected all the same, it is not counted anew by the safeguard
       * if it is tried again.
       */
      carriedOut?: true;
    }
  /**
   * Nothing was decided: another invocation may claim at once. With an entry: the decision is deferred, and comes again.
   * `counted`: the safeguard counts it; its next claim says so. `waitsBeside`: it was stored in a place of its own. `staysOpen`: only the lease ends,
   * because the decision was carried out in part: no older one is granted before its message comes again.
   */
  | {
      kind: "release";
      entry?: JournalEntry;
      counted?: boolean;
      waitsBeside?: true;
      staysOpen?: true;
      /** Its claim had found itself open: an earlier try at it never ended. */
      interrupted?: boolean;
      /** Versions of the decisions that end with this one, because it came with them and is newer. */
      older?: readonly string[];
      /** How it found the user, where this try may have changed them. */
      userBefore?: UserBefore;
    }
  /** A call may still be under way at the service: the lease runs out by itself. */
  | { kind: "keep"; counted?: boolean; userBefore?: UserBefore }
);

export type OwnersAnswer = { kind: "known"; owners: readonly AddressOwner[] } | Fault;

/** `decidedAt`: when HR made the newest decision that the ledger knows of the person, in milliseconds since the epoch. */
export interface AddressOwner {
  personId: string;
  decidedAt: number;
}

export type EndedAnswer = { kind: "ended" } | { kind: "open" } | { kind: "fault"; reason: string };

export type StandingAnswer =
  /** `eventId` is the decision's; `undefined` where none stands yet. `addresses`: those that the ledger knows of the person. */
  | { kind: "stands"; eventId: string | undefined; addresses?: AddressList }
  /** A decision is being carried out, or its worker died before it ended the claim. */
  | { kind: "open" }
  | Fault;

export type CommitAnswer = { kind: "done" } | Fault;

/** `wasOpen`: there was a claim to end, so an earlier try may have carried the decision out, or a part of it. */
export type AbandonAnswer = { kind: "done"; wasOpen?: true } | Fault;

/** One entry of the audit trail: the outcome of one event. Times are ISO 8601 in UTC. */
export interface JournalEntry {
  personId: string;
  eventId: string;
  intent: Intent;
  /** Orders the decisions about a person; see `versionKey`. */
  version: string;
  outcome: JournalOutcome;
  /** Why, for all outcomes but `applied`: the service's error code, the rule, or the newer event's id. */
  code?: string;
  /** The directory's id of the call. */
  requestId?: string;
  accountId?: string;
  occurredAt: string;
  effectiveAt?: string;
  receivedAt: string;
  /** When the outcome was written. */
  settledAt: string;
  /** The operator who released or discarded it, where one did. */
  by?: string;
  /** The operator's own words for why: at most 500 characters. */
  note?: string;
  /** What decided between it and another decision that HR made at the same time, where there was one. */
  tie?: Tie;
  /** How often the queue had handed the message out. */
  receives?: number;
  /** The system that the event came from, as the event says. */
  origin?: string;
  /** The event's own; of a roster's event, the roster. */
  correlationId?: string;
  /** The user as the directory had it before; left out where nobody looked, or only after a try that may have changed the user. */
  userBefore?: UserBefore;
  /** An earlier try at it never ended: it may have made the change. */
  interrupted?: true;
  /** Of a change of license: the license that was decided. */
  license?: string;
  /** The accounts of a leaver's further users who were suspended with the one of `accountId`. */
  alsoAt?: readonly string[];
  /** The event that this one undoes, and when an operator undid it. */
  undoes?: string;
  undoneAt?: string;
  /** What happened to the event, the oldest first. The ledger adds to it; nobody else writes it. */
  trail?: readonly TrailStep[];
}

/** `status` and `license` in the directory's words. */
export interface UserBefore {
  status: string;
  license?: string;
  /** When the user was seen, where that was before the decision was acted on. ISO 8601 in UTC. */
  seenAt?: string;
}

/**
 * One thing that happened to an event. `at` is ISO 8601 in UTC. The steps of an event are only ever added to, so that a hold, an
 * approval or an earlier refusal is still known when the event has come to its end.
 */
export interface TrailStep {
  at: string;
  /** An outcome, `received`, `released`, `redriven` or `undone`; later releases may know others. */
  step: string;
  /** Why: the service's error code, the rule, or the newer event's id. */
  code?: string;
  /** The directory's id of the call. */
  requestId?: string;
  /** How often the queue had handed the message out by then, where that was more than once. */
  receives?: number;
  /** The operator who did it. */
  by?: string;
  /** The operator's own words for why. */
  note?: string;
  /** What decided between it and another decision that HR made at the same time. */
  tie?: Tie;
}

/** The outcomes that the journal keeps. */
export const journalOutcomes = [
  "applied",
  "unchanged",
  "superseded",
  "excluded",
  "rejected",
  /** An operator discarded it, as a dead letter or as a held decision. It is final: no late copy of the event is carried out. */
  "discarded",
  "deferred",
  "held",
  /** It was decided in a trial, and not carried out; `code` is what would have been done. */
  "observed",
] as const;
export type JournalOutcome = (typeof journalOutcomes)[number];

/**
 * Outcomes that are not final. The event may come again: on its date, when an operator releases or redrives it, or after a
 * change of the policy, such as the end of a trial. Only the entry of such an event may be overwritten.
 */
const openOutcomes: readonly string[] = [
  "deferred",
  "held",
  "excluded",
  "rejected",
  "observed",
] satisfies JournalOutcome[];

/** Whether an outcome is an event's last: every one that is not open, those of later releases too. */
export function isFinalOutcome(outcome: string | undefined): boolean {
  return outcome !== undefined && !openOutcomes.includes(outcome);
}

/** The port to the remembered user ids, by account and address. Addresses are lower-case. */
export interface IdentityCache {
  /**
   * Returns the remembered ids, by address. An id that was remembered for another person is left out: an address can pass
   * from one person to the next. So is one that is good for another decision only. A fault of the store reads as "not
   * remembered": then the directory is asked.
   */
  recall(accountId: string, people: readonly RecalledPerson[]): Promise<Map<string, string>>;
  /** Best effort: an id that could not be remembered is looked up again. */
  remember(accountId: string, identities: readonly Identity[]): Promise<void>;
  forget(accountId: string, emails: readonly string[]): Promise<void>;
}

export interface Identity {
  personId: string;
  email: string;
  userId: string;
  /** The version of the only decision that the id is good for: afterwards the address may be another user's. */
  onlyFor?: string;
}

export interface RecalledPerson {
  personId: string;
  email: string;
  /** Of the decisions that ask. */
  versions: readonly string[];
  /** Believe only what these very decisions have remembered for themselves. */
  onlyOwn?: boolean;
}

/** Whether a remembered id is good for the decision that asks. */
export function isGoodFor(
  { personId, onlyFor }: Omit<Identity, "userId" | "email">,
  asking: RecalledPerson,
): boolean {
  if (personId !== asking.personId) return false;
  return onlyFor === undefined ? asking.onlyOwn !== true : asking.versions.includes(onlyFor);
}

/**
 * Maps each address to its person. An address that two people claim in one call is left out: the directory has to say whose
 * it is.
 */
export function ownersOfAddresses(people: readonly RecalledPerson[]): Map<string, RecalledPerson> {
  const owners = new Map<string, RecalledPerson>();
  const disputed = new Set<string>();
  for (const person of people) {
    const owner = owners.get(person.email);
    if (owner !== undefined && owner.personId !== person.personId) disputed.add(person.email);
    owners.set(person.email, person);
  }
  for (const email of disputed) owners.delete(email);
  return owners;
}
