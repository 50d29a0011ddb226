import { readFile } from "node:fs/promises";
import { checkPolicy, type PolicyProblem, pathText } from "../../policy/checkPolicy.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { describeFileError } from "../describeFileError.ts";
import { exitCodes } from "../exitCodes.ts";
import { screenOf } from "../screen.ts";
import { paint, type Terminal } from "../terminal.ts";
import { lineFinder } from "./lineFinder.ts";
import { policyLines } from "./policyLines.ts";

/** The arguments and options of `rollcall policy check`. */
export interface PolicyCheckRequest {
  file: string;
  json?: boolean;
}

/** Checks a policy as every cold start does, and says what it comes to or where it is wrong. */
export async function runPolicyCheck(
  { file, json = false }: PolicyCheckRequest,
  { stdout }: Terminal,
): Promise<CommandEnd> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    return { kind: "misused", message: `cannot read ${file}: ${describeFileError(error)}` };
  }
  const checked = checkPolicy(text);
  const problems = checked.kind === "valid" ? [] : checked.problems.map(located(text, checked.because));
  if (json) stdout.write(`${JSON.stringify({ file, valid: checked.kind === "valid", problems })}\n`);
  else if (checked.kind === "valid") {
    stdout.write(`${paint(stdout, "green", `${file} is a valid policy.`)}\n\n`);
    for (const line of policyLines(checked.policy, screenOf(stdout))) stdout.write(`${line}\n`);
  } else {
    for (const { line, path, message } of problems)
      stdout.write(`${file}${line === undefined ? "" : `:${line}`}: ${path}: ${message}\n`);
  }
  return { kind: "done", exitCode: checked.kind === "valid" ? exitCodes.done : exitCodes.incomplete };
}

interface LocatedProblem {
  path: string;
  line: number | undefined;
  message: string;
}

/** What is no YAML has no places but the one where the parser stopped. */
function located(text: string, because: "notYaml" | "wrongFields") {
  const findLine = because === "notYaml" ? () => undefined : lineFinder(text);
  return ({ path, message, line }: PolicyProblem): LocatedProblem => ({
    path: pathText(path),
    line: line ?? findLine(path),
    message,
  });
}
