import { createInterface } from "node:readline";
import type { Terminal } from "./terminal.ts";

/** What to say where nothing that is typed can be an answer; `deed` as in "discard". */
export function nobodyToAsk(deed: string): string {
  return `standard input is no terminal, so nobody can be asked: add --yes to ${deed} without a question`;
}

/** Asks on the terminal, and takes anything but a yes for a no: also the end of the input, and `signal`. */
export async function confirm(
  question: string,
  { stdin, stderr }: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  if (signal.aborted) return false;
  // Not as a terminal: Ctrl-C has to reach the process, which knows how to stop.
  const lines = createInterface({ input: stdin, terminal: false });
  stderr.write(`${question} [y/N] `);
  try {
    const answer = await new Promise<string>((resolve) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(""));
      signal.addEventListener("abort", () => resolve(""), { once: true });
    });
    return /^\s*y(es)?\s*$/i.test(answer);
  } finally {
    lines.close();
  }
}
