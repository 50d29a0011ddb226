import { readFileSync } from "node:fs";
import { checkPolicy, pathText } from "../checkPolicy.ts";
import type { Policy } from "../policy.ts";

/** Reads and checks a policy file. Throws an error that names the file and every field that is wrong. */
export function readPolicy(file: string): Policy {
  const checked = checkPolicy(readFileSync(file, "utf8"));
  if (checked.kind === "valid") return checked.policy;
  if (checked.because === "notYaml") throw new Error(`${file} is not YAML: ${checked.problems[0]?.message}`);
  const lines = checked.problems.map(({ path, message }) => `  ${pathText(path)}: ${message}`);
  throw new Error(`${file} is not a valid policy:\n${lines.join("\n")}`);
}
