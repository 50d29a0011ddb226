/** The port that tells which people an operator has had forgotten. Only hashes of their ids are kept. */
export interface ForgottenPeople {
  /** A fault of the store is an answer: nobody may be taken for known, or for forgotten, by guess. */
  among(personIds: ReadonlySet<string>): Promise<ForgottenAnswer>;
}

type ForgottenAnswer =
  /** When they were forgotten, by person; milliseconds since the epoch. A decision that is not newer is a late copy. */
  { kind: "known"; forgotten: ReadonlyMap<string, number> } | { kind: "fault"; reason: string };

/** Who has a person forgotten, why, and when (milliseconds since the epoch). It names no person. */
export interface ForgetOrder {
  by: string;
  note: string;
  now: number;
}

/** The port through which an operator has a person forgotten. It throws what the store throws, and may be done again. */
export interface Forgetting {
  /**
   * Keeps a hash of the person's id, by which late copies of events are recognized, then deletes everything about the person:
   * heads, journal entries and remembered user ids.
   */
  forget(personId: string, order: ForgetOrder): Promise<ForgetAnswer>;
}

export type ForgetAnswer =
  | { kind: "forgotten"; items: number }
  /** An invocation acts for the person, until then at the latest. The hash is kept; nothing was deleted. */
  | { kind: "busy"; until: number }
  /** Decisions about the person wait or are held: forgotten, they would never be carried out. Nothing was done. */
  | { kind: "waits"; decisions: number };

/** As long as the journal keeps an entry; a message lives for 14 days in a queue, and 14 in its dead-letter queue. */
export const forgottenForSeconds = 396 * 86_400;

/** The forgotten people of a test or a benchmark. */
export function memoryForgottenPeople(forgotten: ReadonlyMap<string, number> = new Map()): ForgottenPeople {
  return { among: async () => ({ kind: "known", forgotten }) };
}
