import { constants } from "node:os";
import { exitCodeOfSignal } from "./exitCodes.ts";

/** The wish to stop, from the keyboard or from whoever runs the process. */
export interface Interruption {
  signal: AbortSignal;
  /** Set once the wish was uttered. */
  exitCode(): number | undefined;
  /** Gives the signals back to the process. */
  dispose(): void;
}

/**
 * Catches the first SIGINT or SIGTERM, so that a command can end in good order. The second one ends the
 * process at once, as if nobody had listened.
 */
export function catchInterruption(onInterrupt: () => void): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const dispose = () => {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  };
  const interrupt = (name: "SIGINT" | "SIGTERM") => {
    dispose();
    exitCode = exitCodeOfSignal(constants.signals[name]);
    onInterrupt();
    controller.abort("interrupted");
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return { signal: controller.signal, exitCode: () => exitCode, dispose };
}
