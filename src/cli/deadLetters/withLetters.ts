import { type Borrowed, borrowLetters } from "../../queue/borrowLetters.ts";
import { type LetterBox, openLetterBoxes } from "../../queue/letterBox.ts";
import { findRegion } from "../aws/findRegion.ts";
import { createSqsClient } from "../aws/sqsClient.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { catchInterruption, type Interruption } from "../interruption.ts";
import { countOf, paint, type Terminal } from "../terminal.ts";
import type { DlqOptions } from "./dlqOptions.ts";
import { explainSqsFailure } from "./explainSqsFailure.ts";

export interface LettersInHand extends Borrowed {
  boxes: readonly LetterBox[];
  /** Whoever moves letters asks it before each step. */
  signal: AbortSignal;
}

/**
 * Reads the dead letters of one pipeline, of Okta's queue or of all, lets `use` do with them what it will, and puts back the others. What
 * SQS refuses is told as a command's end. Interrupted, it ends in good order: with every letter in a queue.
 */
export async function withLetters(
  { stack, pipeline, ...endpoint }: DlqOptions,
  terminal: Terminal,
  use: (letters: LettersInHand) => Promise<CommandEnd>,
): Promise<CommandEnd> {
  const sqs = createSqsClient(endpoint);
  const interruption = catchInterruption(() => warn(terminal, `\n${interrupted}`));
  try {
    const found = await findRegion(sqs);
    if (found.kind === "none") return { kind: "misused", message: found.message };
    try {
      const boxes = await openLetterBoxes(sqs, stack, pipeline);
      if (boxes.length === 0) return { kind: "misused", message: withoutOkta(stack) };
      return await borrow(boxes, interruption, terminal, use);
    } catch (error) {
      return explainSqsFailure(error, { ...endpoint, stack, region: found.region });
    }
  } finally {
    interruption.dispose();
    sqs.destroy();
  }
}

const withoutOkta = (stack: string) =>
  `the stack ${stack} has no queues for Okta's events; name another with --stack, or another --region`;

const interrupted =
  "Interrupted: putting the dead letters back. Press Ctrl-C again to quit at once; they come back by themselves within 5 minutes then.";

async function borrow(
  boxes: readonly LetterBox[],
  { signal, exitCode }: Interruption,
  terminal: Terminal,
  use: (letters: LettersInHand) => Promise<CommandEnd>,
): Promise<CommandEnd> {
  const borrowing = await borrowLetters(boxes, signal, (borrowed) => {
    if (borrowed.hidden > 0) {
      const letters = countOf(borrowed.hidden, "dead letter");
      warn(
        terminal,
        `About ${letters} could not be read, because another reader has them: look again in 5 minutes.`,
      );
    }
    return use({ ...borrowed, boxes, signal });
  });
  if (borrowing.errors.length > 0) {
    const reasons = [...new Set(borrowing.errors.map(String))].join("; ");
    warn(
      terminal,
      `Some dead letters could not be put back at once (${reasons}); they come back by themselves within 5 minutes.`,
    );
  }
  const code = exitCode();
  if (code !== undefined) return { kind: "done", exitCode: code };
  if (borrowing.kind === "used") return borrowing.value;
  throw new Error("expected an interruption to have an exit code");
}

function warn({ stderr }: Terminal, text: string): void {
  stderr.write(`${paint(stderr, "yellow", text)}\n`);
}
