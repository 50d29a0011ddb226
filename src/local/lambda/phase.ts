import type { LogLine } from "./invocation.ts";
import type { ChildMessage } from "./messages.ts";
import type { Crash } from "./startProcess.ts";

/**
 * What a process is at: loading ("init") or an invocation (its request id). It is over when the process has
 * answered and both its streams are read to the mark that ends the phase: the channel and the streams are
 * separate pipes, so an answer can overtake the lines that were printed before it.
 */
export class Phase {
  readonly name: string;
  readonly answer: Promise<ChildMessage | Crash>;
  readonly #missing = new Set<"answer" | LogLine["stream"]>(["answer", "stdout", "stderr"]);
  #message: ChildMessage | undefined;
  #settle: (answer: ChildMessage | Crash) => void = () => {};

  constructor(name: string) {
    this.name = name;
    this.answer = new Promise((settle) => {
      this.#settle = settle;
    });
  }

  answered(message: ChildMessage): void {
    this.#message = message;
    this.#arrived("answer");
  }

  read(stream: LogLine["stream"]): void {
    this.#arrived(stream);
  }

  /** The process ended. An answer that it gave before counts, as it does once Lambda's runtime has posted it. */
  ended(end: Crash): void {
    this.#settle(this.#message ?? end);
  }

  #arrived(part: "answer" | LogLine["stream"]): void {
    this.#missing.delete(part);
    if (this.#missing.size === 0 && this.#message) this.#settle(this.#message);
  }
}
