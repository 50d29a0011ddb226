import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../bin/rollcall.js", import.meta.url));

export interface Run {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the real command as a process of its own, without the AWS settings of whoever runs the tests. */
export function startRollcall(args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const own = {
    PATH: process.env.PATH ?? "",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { ...own, AWS_EC2_METADATA_DISABLED: "true", ...env },
  });
  return { child, end: collectRun(child) };
}

/** Runs it to its end, with that text, if any, on standard input. */
export function runRollcall(
  args: readonly string[],
  { cwd, stdin = "", env = {} }: { cwd: string; stdin?: string | Buffer; env?: Record<string, string> },
): Promise<Run> {
  const { child, end } = startRollcall(args, cwd, env);
  child.stdin.end(stdin);
  return end;
}

async function collectRun(child: ChildProcessWithoutNullStreams): Promise<Run> {
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  // Nothing that ends early may break the pipe that feeds it.
  child.stdin.on("error", () => {});
  const [exitCode] = await once(child, "close");
  return { exitCode, stdout, stderr };
}

/**
 * The same without what tells the target: the first line on stderr is left out, and the emulators' addresses, which are others in
 * each run, are the word TARGET.
 */
export function withoutTarget({ stdout, stderr, ...run }: Run): Run {
  return { ...run, stdout: hideTarget(stdout), stderr: hideTarget(stderr.replace(/^Target: .*\n/m, "")) };
}

const url = "http://127\\.0\\.0\\.1:\\d+";
const inWords = new RegExp(
  `(?:(?:stage|stack|table|bus) [\\w-]+, )+at ${url}(?: and ${url})*, us-east-1`,
  "g",
);
const inHints = new RegExp(
  `(?:--(?:stage|stack|table|bus) [\\w-]+ )+--region us-east-1(?: --(?:table-)?endpoint ${url})*`,
  "g",
);

function hideTarget(text: string): string {
  return text.replaceAll(inWords, "TARGET").replaceAll(inHints, "TARGET");
}
