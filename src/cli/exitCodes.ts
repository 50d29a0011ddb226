/** What the shell learns. */
export const exitCodes = {
  done: 0,
  /** The command ran, and not everything went well. */
  incomplete: 1,
  /** The command was called wrongly, and nothing was done. */
  usage: 2,
  /** `rollcall plan --exit-code`: there is something to do. Not 2, as others have it, which means a wrong call here. */
  somethingToDo: 3,
} as const;

/** The shell's convention for a process that a signal ended: 130 for SIGINT. */
export function exitCodeOfSignal(signalNumber: number): number {
  return 128 + signalNumber;
}
