import { existsSync, readFileSync } from "node:fs";
import type { PolicyReading } from "../../../console/consolePorts.ts";
import { findDirectoryProblems } from "../../../directory/kinds/checkDirectories.ts";
import { inspectPolicy } from "../../../operations/settings/inspectPolicy.ts";
import type { Policy } from "../../../policy/policy.ts";
import { describeFileError } from "../../files.ts";

const usualFile = "policy.yml";

/** Reads the policy's file as `rollcall policy check` does. `isLocal`: it is that of a stack on this computer. */
export function readPolicy(named: string | undefined, isLocal: boolean): PolicyReading {
  const file = named ?? usualFile;
  if (named === undefined && !existsSync(file)) return { kind: "none" };
  try {
    return {
      kind: "inspected",
      file,
      inspection: inspectPolicy(
        file,
        readFileSync(file, "utf8"),
        isLocal ? findLocalProblems : findDirectoryProblems,
      ),
    };
  } catch (error) {
    return { kind: "unreadable", file, message: describeFileError(error) };
  }
}

/** The embedded stack has its services without encryption, which is no fault there. */
function findLocalProblems(policy: Policy): ReturnType<typeof findDirectoryProblems> {
  const accounts = policy.accounts.map(({ directory, ...account }) => ({
    ...account,
    ...(directory !== undefined && {
      directory: {
        ...directory,
        baseUrl: directory.baseUrl.replace(/^http:\/\/127\.0\.0\.1/, "https://127.0.0.1"),
      },
    }),
  }));
  return findDirectoryProblems({ ...policy, accounts });
}
