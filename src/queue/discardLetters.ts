import pMap from "p-map";
import type { Discards } from "../ledger/operatorDecisions.ts";
import { deleteLetters } from "./deleteLetters.ts";
import type { LetterBox } from "./letterBox.ts";
import { reasonOf } from "./reasonOf.ts";
import type { StoredLetter } from "./storedLetter.ts";
import { type DiscardedBy, toDiscardEntry } from "./toDiscardEntry.ts";

export type DiscardResult = { letter: StoredLetter } & (
  | { kind: "discarded" }
  /** Its event had come to an end by another copy, which the journal keeps. */
  | { kind: "copyDiscarded" }
  /** It names no person or no event, so that there was nothing to journal. */
  | { kind: "discardedUnjournalled" }
  /** It is where it was: the ledger did not take the entry, or an invocation acts on the event. */
  | { kind: "notJournalled"; reason: string }
  /** The entry is written, and the letter still there. */
  | { kind: "notDeleted"; reason: string }
  /** The discarding was interrupted before. */
  | { kind: "untouched" }
);

export interface DiscardContext {
  box: LetterBox;
  discards: Discards;
  discardedBy: DiscardedBy;
  signal: AbortSignal;
  /** Milliseconds since the epoch. */
  now: () => number;
}

const lettersAtOnce = 10;

/** Writes into the journal that the letters are discarded, and by whom; and only then deletes them. One result for each. */
export async function discardLetters(
  letters: readonly StoredLetter[],
  context: DiscardContext,
): Promise<DiscardResult[]> {
  const results: DiscardResult[] = [];
  for (let index = 0; index < letters.length; index += lettersAtOnce) {
    const some = letters.slice(index, index + lettersAtOnce);
    if (context.signal.aborted)
      results.push(...some.map((letter) => ({ letter, kind: "untouched" as const })));
    else results.push(...(await discard(some, context)));
  }
  return results;
}

async function discard(letters: readonly StoredLetter[], context: DiscardContext): Promise<DiscardResult[]> {
  const journalled = await pMap(letters, (letter) => journal(letter, context));
  const left = journalled.filter(({ kind }) => kind !== "notJournalled").map(({ letter }) => letter);
  const { failed, errors } = await deleteLetters(left, context.box);
  return journalled.map((result) =>
    failed.has(result.letter)
      ? { letter: result.letter, kind: "notDeleted", reason: reasonOf(errors) }
      : result,
  );
}

async function journal(
  letter: StoredLetter,
  { discards, discardedBy, now }: DiscardContext,
): Promise<DiscardResult> {
  const entry = toDiscardEntry(letter, discardedBy, now());
  if (entry === undefined) return { letter, kind: "discardedUnjournalled" };
  const answer = await discards.discard(entry);
  switch (answer.kind) {
    case "done":
      return { letter, kind: "discarded" };
    case "settled":
      return { letter, kind: "copyDiscarded" };
    case "busy": {
      const until = new Date(answer.until).toISOString();
      const reason = `an invocation may be acting on it until ${until}; see then what became of it`;
      return { letter, kind: "notJournalled", reason };
    }
    case "fault":
      return { letter, kind: "notJournalled", reason: answer.reason };
  }
}
