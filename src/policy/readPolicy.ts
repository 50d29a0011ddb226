import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { type Policy, policySchema } from "./policy.ts";

/** Reads and checks a policy file. Throws an error that names the file and every field that is wrong. */
export function readPolicy(file: string): Policy {
  const parsed = policySchema.safeParse(parseYaml(file, readFileSync(file, "utf8")));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `  ${path.join(".") || "(the whole)"}: ${message}`,
  );
  throw new Error(`${file} is not a valid policy:\n${problems.join("\n")}`);
}

function parseYaml(file: string, text: string): unknown {
  try {
    return load(text);
  } catch (cause) {
    throw new Error(`${file} is not YAML: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
