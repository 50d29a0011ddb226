import { statusLine } from "../../cli/statusLine.ts";

/** What a person is told while a day runs, on stderr. */
export interface DayProgress {
  /** What is being done now. A line of its own where nobody watches. */
  stage: (text: string) => void;
  /** How far it is. For those who watch only. */
  detail: (text: string) => void;
  /** What does not end the day but should be known. */
  problem: (text: string) => void;
  /** Before anything else is written. */
  clear: () => void;
}

type Stream = NodeJS.WritableStream & Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns">>;

/** On a terminal one line that is written over, cut to its width; elsewhere one line per stage. */
export function dayProgress(stderr: Stream, now: () => number): DayProgress {
  const status = statusLine(stderr, now);
  const show = (text: string) => status.show(text.slice(0, (stderr.columns ?? 80) - 1));
  let current = "";
  return {
    stage: (text) => {
      current = text;
      if (stderr.isTTY) show(text);
      else stderr.write(`${text}\n`);
    },
    detail: (text) => show(text === "" ? current : `${current}: ${text}`),
    problem: (text) => {
      status.clear();
      stderr.write(`warning: ${text}\n`);
    },
    clear: status.clear,
  };
}
