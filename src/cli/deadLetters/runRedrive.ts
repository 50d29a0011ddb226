import { type RedriveResult, redriveLetters } from "../../queue/redriveLetters.ts";
import type { StoredLetter } from "../../queue/storedLetter.ts";
import type { CommandEnd } from "../commandEnd.ts";
import type { Terminal } from "../terminal.ts";
import { chooseLetters, isUnfiltered } from "./chooseLetters.ts";
import { concludeLetters, type LetterResult, type ResultWords } from "./concludeLetters.ts";
import type { DlqOptions } from "./dlqOptions.ts";
import { missingText } from "./missingText.ts";
import { type LettersInHand, withLetters } from "./withLetters.ts";

/** The arguments and options of `rollcall dlq redrive`. */
export interface RedriveRequest extends DlqOptions {
  all?: boolean;
  dryRun?: boolean;
}

type Kind = RedriveResult["kind"] | "chosen";

const words: ResultWords<Kind> = {
  redriven: { text: "put back" },
  notSent: { text: "not put back", isFailure: true },
  notDeleted: { text: "put back, but still a dead letter as well", isFailure: true },
  untouched: { text: "untouched" },
  chosen: { text: "would be put back" },
};

/** Puts the chosen dead letters back on their queues, and says what became of each. */
export async function runRedrive(request: RedriveRequest, terminal: Terminal): Promise<CommandEnd> {
  const { all = false, dryRun = false, stack } = request;
  if (all !== isUnfiltered(request)) return { kind: "misused", message: all ? allAndMore : nothingChosen };
  return withLetters(request, terminal, async (hand) => {
    const { chosen, missing } = chooseLetters(hand.letters, request, Date.now());
    if (missing.length > 0) return { kind: "failed", message: missingText(missing, stack) };
    const results: LetterResult<Kind>[] = dryRun
      ? chosen.map((letter) => ({ letter, kind: "chosen" }))
      : await redriveAll(chosen, hand);
    return concludeLetters(results, words, request, terminal);
  });
}

const nothingChosen =
  "expected ids, a filter such as --pipeline or --code, or --all for every dead letter; nothing was put back";
const allAndMore =
  "--all is for every dead letter, and goes with neither ids nor filters; nothing was put back";

async function redriveAll(
  chosen: readonly StoredLetter[],
  { boxes, gone, signal }: LettersInHand,
): Promise<RedriveResult[]> {
  const results: RedriveResult[] = [];
  for (const box of boxes) {
    const own = chosen.filter(({ pipeline }) => pipeline === box.pipeline);
    results.push(...(await redriveLetters(own, box, signal)));
  }
  for (const { letter, kind } of results) if (kind === "redriven") gone.add(letter);
  return results;
}
