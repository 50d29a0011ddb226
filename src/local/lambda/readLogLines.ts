import type { Readable } from "node:stream";
import { endOfOutput } from "./endOfOutput.mjs";

export interface LogListener {
  onLine(line: string): void;
  /** Everything that this phase ("init" or a request id) printed has been read. */
  onEndOf(phase: string): void;
}

/** Cuts what a process prints into lines; a last line without a newline is told when the stream ends. */
export function readLogLines(stream: Readable, listener: LogListener): void {
  let unfinished = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (unfinished + text).split("\n");
    unfinished = lines.pop() ?? "";
    for (const line of lines) tellLine(line, listener);
  });
  stream.on("end", () => {
    if (unfinished !== "") tellLine(unfinished, listener);
  });
}

function tellLine(line: string, listener: LogListener): void {
  const markAt = line.indexOf(endOfOutput);
  if (markAt === -1) {
    listener.onLine(line);
    return;
  }
  // The handler's last output had no newline of its own.
  if (markAt > 0) listener.onLine(line.slice(0, markAt));
  listener.onEndOf(line.slice(markAt + endOfOutput.length));
}
