import { type Directory, DirectoryError, type FailureClass } from "../directory/directory.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Fault, PendingStore } from "../ledger/pendingStore.ts";
import { maskEmails } from "../privacy/masking.ts";
import type { Decision, PersonDecisions } from "./decision.ts";
import { defectCode, type MessageOutcome, type Outcome, type Retry } from "./outcome.ts";

// Whatever a step or a port throws is the outcome of the record or the person that makes it throw, never of the batch. Expected
// failures are values everywhere; what is thrown is a defect, and a batch must not come again 50 times because of one record.

/**
 * Runs a step on all items at once, for one result. If it throws, it runs on halves, until whoever makes it throw stands alone:
 * `toOutcomes` gives the outcomes of that one's messages, as `thrown`. A step must bear to run again on items that it has seen.
 */
export async function inParts<T, R>(
  items: readonly T[],
  step: (items: readonly T[]) => R | Promise<R>,
  toOutcomes: (item: T, error: unknown) => readonly MessageOutcome[],
): Promise<{ results: R[]; thrown: MessageOutcome[] }> {
  const thrown: MessageOutcome[] = [];
  const parts = await inHalves<T, R[]>(
    items,
    async (part) => [await step(part)],
    (item, error) => {
      thrown.push(...toOutcomes(item, error));
      return [];
    },
  );
  return { results: parts.flat(), thrown };
}

async function inHalves<T, R>(
  items: readonly T[],
  step: (items: readonly T[]) => Promise<R>,
  alone: (item: T, error: unknown) => R,
): Promise<R[]> {
  try {
    return [await step(items)];
  } catch (error) {
    const [item, ...others] = items;
    if (item === undefined) throw error;
    if (others.length === 0) return [alone(item, error)];
    const middle = Math.ceil(items.length / 2);
    const first = await inHalves(items.slice(0, middle), step, alone);
    return [...first, ...(await inHalves(items.slice(middle), step, alone))];
  }
}

/** Makes one thing for one record or person; what that throws becomes what `instead` returns. */
export function guarded<T>(make: () => T, instead: (error: unknown) => T): T {
  try {
    return make();
  } catch (error) {
    return instead(error);
  }
}

/**
 * The outcome of a person whose processing threw: the messages come again, because nothing is known to be wrong with them. They keep
 * their receive count, so a defect that lasts ends in the dead-letter queue, and is not tried for ever.
 */
export function defect(error: unknown): Retry {
  const reason = `the processing of the person failed unexpectedly (${nameOfThrown(error)}); this is a defect, please report it`;
  return { kind: "retry", code: defectCode, reason, receivesAreNumbered: true, cause: error };
}

/** The outcome of a record that cannot even be read, or that the policy's rules cannot be applied to. */
export function unreadable(what: string, error: unknown): Outcome {
  const reason = `${what}: ${nameOfThrown(error)}; look at its fields, or report it as a defect, and redrive it after the repair`;
  return { kind: "rejected", code: "Malformed", reason, cause: error };
}

/** Not the message, which may quote a value: that goes to the log, masked. */
export function nameOfThrown(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** The outcome of a record for which a step between reading and claiming threw. */
export function unreadableOf({ index }: Decision, error: unknown): MessageOutcome[] {
  return [{ index, outcome: unreadable("the decision could not be processed", error) }];
}

/** The outcomes of all messages of a group whose processing threw. */
export function defectOf(
  { newest, duplicates, older }: PersonDecisions<Decision>,
  error: unknown,
): MessageOutcome[] {
  const outcome = defect(error);
  return [newest, ...duplicates, ...older].map(({ index }) => ({ index, outcome }));
}

/** The same ledger, whose faults are answers even where an adapter throws: everybody else is asked about again, without the one. */
export function ledgerWithoutThrows(ledger: Ledger): Ledger {
  return {
    claim: (claims, lease) => answered(claims, (part) => ledger.claim(part, lease)),
    commit: (results, lease) => answered(results, (part) => ledger.commit(part, lease)),
    record: (entries) => answered(entries, (part) => ledger.record(part)),
    abandon: (claims, lease) => answered(claims, (part) => ledger.abandon(part, lease)),
    ended: (events) => answered(events, (part) => ledger.ended(part)),
    standing: (heads) => answered(heads, (part) => ledger.standing(part)),
    ownersOf: (emails) => answered(emails, (part) => ledger.ownersOf(part)),
  };
}

/**
 * The same for the decisions that wait. Nothing is stored once the lease is over: an invocation that was given up goes on when its
 * process is thawed, and what it would store may have been cancelled meanwhile.
 */
export function pendingWithoutThrows(pending: PendingStore, isOver: () => boolean): PendingStore {
  return {
    ...pending,
    defer: (decisions) =>
      answered(decisions, async (part) => (isOver() ? part.map(() => tooLate) : pending.defer(part))),
  };
}

const tooLate: Fault = { kind: "fault", reason: "the invocation's time is over" };

/** An answer that is missing counts as a fault, so that those of the other parts keep their places. */
async function answered<T, Answer>(
  items: readonly T[],
  ask: (items: readonly T[]) => Promise<Answer[]>,
): Promise<(Answer | Fault)[]> {
  const parts = await inHalves<T, (Answer | Fault)[]>(
    items,
    async (part) => {
      const answers = await ask(part);
      return part.map((_, index) => answers[index] ?? noAnswer);
    },
    (_, cause) => [
      { kind: "fault", reason: `the ledger failed unexpectedly (${nameOfThrown(cause)})`, cause },
    ],
  );
  return parts.flat();
}

const noAnswer: Fault = { kind: "fault", reason: "the ledger gave no answer for the message" };

/**
 * The same directory, whose throws all are `DirectoryError`. A batch call that throws anything else counts as refused as a whole:
 * it is made again in halves, until the entry that makes it throw stands alone.
 */
export function directoryWithoutThrows(directory: Directory): Directory {
  return {
    getAccount: (...given) => translated("unknown", () => directory.getAccount(...given)),
    listUsers: (...given) => translated("unknown", () => directory.listUsers(...given)),
    findUser: (...given) => translated("unknown", () => directory.findUser(...given)),
    perform: (...given) => translated("invalidCall", () => directory.perform(...given)),
  };
}

async function translated<T>(failureClass: FailureClass, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof DirectoryError) throw error;
    const message = `the directory's adapter failed unexpectedly: ${maskEmails(String(error))}`;
    throw new DirectoryError({ class: failureClass, code: defectCode, message }, { cause: error });
  }
}

/** The same where a step goes through what came of groups. */
export function defectOfResult(
  { group }: { group: PersonDecisions<Decision> },
  error: unknown,
): MessageOutcome[] {
  return defectOf(group, error);
}
