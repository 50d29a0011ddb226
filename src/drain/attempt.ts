import type { CallBudget } from "../directory/directory.ts";
import { DirectoryError, type Failure } from "../directory/failure.ts";
import type { Found } from "./person.ts";

/** What a call that starts now may take in all; undefined when there is no time to start one. */
export type Budget = () => CallBudget | undefined;

/** Not reached in this invocation; the messages come again. */
export const outOfTime: Failure = {
  class: "transient",
  code: "OutOfTime",
  message: "the invocation's time was nearly over; it will be tried again",
};

/** Makes a call of the directory if the time allows, with its failure as a value. Other errors are defects: thrown. */
export async function attempt<T>(budget: Budget, call: (time: CallBudget) => Promise<T>): Promise<Found<T>> {
  const time = budget();
  if (time === undefined) return { kind: "failed", failure: outOfTime };
  try {
    return { kind: "found", value: await call(time) };
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return { kind: "failed", failure: error.failure };
  }
}
