import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type CommandResult, exitCodes } from "../../src/cli/commandResult.ts";
import type { DevRequest } from "../../src/cli/commands/devCommand.ts";
import { findLocalStack, type LocalStack, localStackFile } from "../../src/cli/localStack.ts";
import { catchInterruption, paint, type Terminal } from "../../src/cli/terminal.ts";
import { dayProgress } from "../day/dayTerminal.ts";
import { packageOnce } from "../service/packageCache.ts";
import { anyPorts, devPorts, findTakenPort } from "./devPorts.ts";
import { type DevStack, devParameters, startDevStack } from "./devStack.ts";

/** Keeps the service up until somebody ends it. */
export async function startDev(
  { seed, anyPort = false }: DevRequest,
  terminal: Terminal,
): Promise<CommandResult> {
  if (seed !== "sample" && seed !== "empty")
    return { kind: "misused", message: `expected --seed to be sample or empty; got ${seed}` };
  const folder = stateFolder();
  const ports = anyPort ? anyPorts : devPorts;
  const obstacle = findObstacle(folder) ?? (await describeTakenPort(ports));
  if (obstacle !== undefined) return { kind: "failed", message: obstacle };
  const startedAt = performance.now();
  const progress = dayProgress(terminal.stderr, Date.now);
  const interruption = catchInterruption(() => {
    progress.clear();
    terminal.stderr.write("Stopping.\n");
  });
  const { signal } = interruption;
  try {
    progress.stage("packaging the service as it would be deployed");
    const { directory } = await packageOnce({ signal, stage: "local", parameters: devParameters });
    progress.stage("starting the embedded stack on 127.0.0.1");
    const stack = await startDevStack({
      packageDirectory: directory,
      ports,
      seed,
      stateFolder: join(folder, ".rollcall"),
      onProblem: progress.problem,
    });
    try {
      await writeStackFile(folder, stack);
      progress.clear();
      const seconds = (performance.now() - startedAt) / 1000;
      terminal.stdout.write(`${bannerLines(stack, seconds, terminal).join("\n")}\n`);
      await aborted(signal);
    } finally {
      await stack.close();
      await rm(join(folder, localStackFile), { force: true });
    }
    return { kind: "done", exitCode: interruption.exitCode() ?? exitCodes.done };
  } catch (error) {
    progress.clear();
    const exitCode = interruption.exitCode();
    if (exitCode !== undefined) return { kind: "done", exitCode };
    throw error;
  } finally {
    interruption.dispose();
  }
}

const clone = fileURLToPath(new URL("../../", import.meta.url));

/** The clone, where the command was started anywhere in it; else the current folder. */
function stateFolder(): string {
  const current = resolve();
  return relative(clone, current).startsWith("..") ? current : clone;
}

function findObstacle(folder: string): string | undefined {
  const found = findLocalStack(folder);
  switch (found.kind) {
    case "running":
      return `rollcall dev is up already (process ${found.stack.pid}): press q there, or use it with --stage local`;
    case "unreadable":
      return found.message;
    case "ended":
    case "none":
      return undefined;
  }
}

async function describeTakenPort(ports: typeof anyPorts): Promise<string | undefined> {
  const port = await findTakenPort(ports);
  return port === undefined
    ? undefined
    : `another program uses the port ${port} of 127.0.0.1; end it, or take free ports with --any-port`;
}

/** Readable for nobody else, because of what it names; written as a whole, or not at all. */
async function writeStackFile(folder: string, { endpoints, policyFile, chime }: DevStack): Promise<void> {
  const file = join(folder, localStackFile);
  const content: LocalStack = {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    endpoints,
    aheadMilliseconds: 0,
    policy: policyFile,
    webhooks: chime.url,
  };
  await mkdir(join(file, ".."), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

function bannerLines(stack: DevStack, seconds: number, { stdout }: Terminal): string[] {
  return [
    paint(stdout, "green", `Rollcall dev is up (${seconds.toFixed(1)} s).`),
    `  Amazon Chime (simulated)  ${stack.chime.url}`,
    `  SCIM (simulated)          ${stack.scimUrl}`,
    "  Commands                  npx rollcall COMMAND --stage local",
    "  Ctrl-C ends it; all that it holds is gone then.",
  ];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolvePromise) => {
    if (signal.aborted) resolvePromise();
    signal.addEventListener("abort", () => resolvePromise(), { once: true });
  });
}
