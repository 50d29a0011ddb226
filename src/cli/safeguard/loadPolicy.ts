import { existsSync } from "node:fs";
import { readPolicy } from "../../policy/file/policyFile.ts";
import type { Policy } from "../../policy/policy.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { describeFileError } from "../describeFileError.ts";

/** `policy` is `undefined` where none was named and none is here: an operator in a hurry may have no checkout. */
export type LoadedPolicy =
  | { kind: "loaded"; policy: Policy | undefined }
  | Exclude<CommandEnd, { kind: "done" }>;

const usualFile = "policy.yml";

/** Reads the policy that was named, or the usual one if it is in the current folder. */
export function loadPolicy(named: string | undefined): LoadedPolicy {
  const file = named ?? usualFile;
  if (named === undefined && !existsSync(file)) return { kind: "loaded", policy: undefined };
  try {
    return { kind: "loaded", policy: readPolicy(file) };
  } catch (error) {
    return { kind: "misused", message: faultText(error, file) };
  }
}

/** A fault of the file system has a code; a fault of the contents names the file and the fields itself. */
function faultText(error: unknown, file: string): string {
  if (error instanceof Error && !("code" in error))
    return `${error.message}\nMend it, or name another with --policy`;
  return `cannot read ${file}: ${describeFileError(error)}; name another with --policy`;
}
