import { getSystemErrorMap } from "node:util";

/** The system's own words for why a file cannot be used, such as "no such file or directory". */
export function describeFileError(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  const [, words] = ("errno" in error && getSystemErrorMap().get(Number(error.errno))) || [];
  return words ?? error.message;
}
