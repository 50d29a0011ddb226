import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import * as z from "zod";
import { parseJson } from "../events/boundedJson.ts";
import type { CommandFailure } from "./commandResult.ts";
import { describeFileError } from "./files.ts";
import { namedStage } from "./openTarget.ts";
import { localStage } from "./target.ts";

/** The file, in the folder where `rollcall dev` was started, that says where its services are. */
export const localStackFile = join(".rollcall", "dev.json");

const url = z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}(\/|$)/);

const localStackSchema = z.object({
  /** Of the process that keeps the stack up. */
  pid: z.int().positive(),
  startedAt: z.iso.datetime(),
  /** By the variables of the AWS SDK. */
  endpoints: z.record(z.string().regex(/^AWS_ENDPOINT_URL_[A-Z\d]+$/), url),
  /** How far its clock is ahead of the system's. */
  aheadMilliseconds: z.number().nonnegative(),
  /** The policy that its functions have. */
  policy: z.string(),
  webhooks: url,
  /** The file with those who were in the directories at the start: their addresses, by their ids in HR. */
  people: z.string(),
  console: url.optional(),
});

/** A stack that `rollcall dev` keeps up on this computer. */
export type LocalStack = z.output<typeof localStackSchema>;

export type FoundLocalStack =
  | { kind: "running"; stack: LocalStack; file: string }
  /** The file is there, and its process is not: it was killed, or the computer was switched off. */
  | { kind: "ended"; pid: number; file: string }
  | { kind: "none" }
  | { kind: "unreadable"; message: string };

const peopleSchema = z.record(z.string(), z.string());

/** The addresses of the people in the stack's directories, by their ids in HR; nobody where the file is gone. */
export function readLocalPeople({ people }: LocalStack): Readonly<Record<string, string>> {
  try {
    return peopleSchema.safeParse(parseJson(readFileSync(people, "utf8"))).data ?? {};
  } catch {
    return {};
  }
}

/** Looks for the stack in this folder and in those above it. */
export function findLocalStack(folder: string): FoundLocalStack {
  const file = join(folder, localStackFile);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const isMissing =
      error instanceof Error && "code" in error && /^(ENOENT|ENOTDIR)$/.test(String(error.code));
    if (!isMissing)
      return { kind: "unreadable", message: `cannot read ${file}: ${describeFileError(error)}` };
    const above = dirname(folder);
    return above === folder ? { kind: "none" } : findLocalStack(above);
  }
  const { data: stack } = localStackSchema.safeParse(parseJson(text));
  if (stack === undefined)
    return { kind: "unreadable", message: `${file} is not what rollcall dev writes; remove it` };
  return isAlive(stack.pid) ? { kind: "running", stack, file } : { kind: "ended", pid: stack.pid, file };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Ends a command before it has begun. */
export class CommandStopped extends Error {
  readonly failure: CommandFailure;

  constructor(failure: CommandFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/**
 * Where the stage is `local`, gives a command the endpoints and the policy of the running stack. What the command line names is left
 * as it is. Throws `CommandStopped` if there is no such stack: what the environment names instead may be AWS.
 */
export function useLocalStack(command: Command): void {
  const { stage, offline, dryRun } = command.opts<{ stage?: string; offline?: boolean; dryRun?: boolean }>();
  // These ask nobody.
  const isOffline = offline === true || (dryRun === true && command.name() === "publish");
  const endpoints = command.options.filter(({ envVar }) => envVar?.startsWith("AWS_ENDPOINT_URL_"));
  if (endpoints.length === 0 || isOffline || namedStage(stage) !== localStage) return;
  const { endpoints: urls, policy } = runningStack();
  const set = (name: string, value: string | undefined) => {
    if (command.getOptionValueSource(name) !== "cli") command.setOptionValueWithSource(name, value, "local");
  };
  for (const option of endpoints) set(option.attributeName(), urls[option.envVar ?? ""]);
  if (command.options.some((option) => option.attributeName() === "policy")) set("policy", policy);
}

function runningStack(): LocalStack {
  const found = findLocalStack(resolve());
  if (found.kind === "running") return found.stack;
  throw new CommandStopped({ kind: "misused", code: "unreachable", ...explainMissing(found) });
}

const start = "rollcall dev";

function explainMissing(found: Exclude<FoundLocalStack, { kind: "running" }>): {
  message: string;
  next: string;
} {
  switch (found.kind) {
    case "unreadable":
      return { message: found.message, next: start };
    case "ended":
      return {
        message: `the stack of the stage local has ended (process ${found.pid}, in ${found.file}), and what it held is gone; start another with ${start}`,
        next: start,
      };
    case "none":
      return {
        message: `no stack of the stage local is up: neither this folder nor one above it has ${localStackFile}; start one with ${start}, in another terminal`,
        next: start,
      };
  }
}
