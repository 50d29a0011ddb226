import type { ForgetAnswer, Forgetting } from "../ledger/forgottenPeople.ts";
import type { History } from "../ledger/personHistory.ts";
import { findPeople } from "./inspectPerson.ts";

/** Whom to forget, by whose order, and why. */
export interface ForgetRequest {
  /** A person's id, or an e-mail address that leads to one person. */
  person: string;
  by: string;
  because: string;
}

/** What the ledger knows of the person. */
interface ForgetCounts {
  decisions: number;
  entries: number;
}

export interface ForgetPorts {
  history: Pick<History, "ofPerson" | "peopleAt">;
  forgetting: Forgetting;
  /** Names the ledger in the report. */
  table: string;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Asked before anything is written. */
  confirm: (counts: ForgetCounts) => Promise<boolean>;
}

export type ForgetResult =
  | { kind: "declined" }
  /** An address may belong to several people: their number. */
  | { kind: "ambiguous"; people: number }
  | { kind: "answered"; report: ForgetReport };

/** It names no person, as the record that is kept does not. */
export interface ForgetReport {
  table: string;
  by: string;
  because: string;
  answer: ForgetAnswer;
}

/**
 * Has the ledger forget a person. Somebody whom it does not know by an id is forgotten too: copies of events may still come.
 * Throws what the ledger throws.
 */
export async function forgetPerson(
  { person, by, because }: ForgetRequest,
  { history, forgetting, table, now, confirm }: ForgetPorts,
): Promise<ForgetResult> {
  const found = await findPeople(history, person);
  if (found.length > 1) return { kind: "ambiguous", people: found.length };
  const { personId = person, heads = [], entries = [] } = found[0] ?? {};
  if (!(await confirm({ decisions: heads.length, entries: entries.length }))) return { kind: "declined" };
  const answer = await forgetting.forget(personId, { by, note: because, now: now() });
  return { kind: "answered", report: { table, by, because, answer } };
}
