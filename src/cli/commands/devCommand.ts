import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Command, InvalidArgumentError, Option } from "commander";
import * as z from "zod";
import type { CommandResult, RunCommand } from "../commandResult.ts";
import type { Terminal } from "../terminal.ts";

const help = `
It packages the service as a deployment would, and runs it on 127.0.0.1 with emulators of AWS and of
the directories, until you end it. Nothing needs an AWS account. All is in memory, and gone at the end.
Exit code: 0 if it ended as asked, 1 if it failed, 2 if it was called wrongly, 130 after Ctrl-C.

Examples:
  rollcall dev
  rollcall dev --stream 2/s
  rollcall dev --seed users.jsonl             lines like {"account": "team-0001", "email": "ada@example.com"}
  rollcall held list --stage local            in another terminal: any command, with this stage
  export ROLLCALL_STAGE=local                 the same for all commands that follow`;

/** What `rollcall dev` is asked for. */
export interface DevRequest {
  /** `sample`, `empty`, or a file of JSON lines. */
  seed: string;
  /** Whether the services take any free ports. */
  anyPort?: boolean;
  /** Events a second that flow by themselves. */
  stream?: number;
}

/** `rollcall dev` keeps the whole product up on this computer. */
export function addDevCommand(program: Command, run: RunCommand): void {
  program
    .command("dev")
    .description("Keep the whole service up on this computer, to try everything on.")
    .addOption(
      new Option("--seed <who>", "who is in the directories: sample, empty, or a file").default("sample"),
    )
    .addOption(
      new Option("--stream <rate>", "let events flow from the start, such as 2/s").argParser(parseRate),
    )
    .option("--any-port", "take free ports instead of the usual ones, so that a second one can be up")
    .addHelpText("after", help)
    .action((request: DevRequest) => run((terminal) => runDev(request, terminal)));
}

function parseRate(text: string): number {
  const [, count = ""] = /^(\d{1,2}(?:\.\d)?)\/s$/.exec(text) ?? [];
  const perSecond = Number(count);
  if (perSecond > 0) return perSecond;
  throw new InvalidArgumentError("Expected a rate such as 2/s or 0.5/s, of less than 100/s.");
}

const entryPoint = join("bin", "dev.js");

const moduleSchema = z.object({
  startDev: z.custom<(request: DevRequest, terminal: Terminal) => Promise<CommandResult>>(
    (value) => typeof value === "function",
  ),
});

/** The emulators are no part of the command: they are loaded from the clone that it was built in. */
async function runDev(request: DevRequest, terminal: Terminal): Promise<CommandResult> {
  const clone = findClone(dirname(fileURLToPath(import.meta.url)));
  if (clone === undefined)
    return {
      kind: "misused",
      message:
        "rollcall dev needs the repository, with the emulators in it: clone it, run npm ci in it, and npx rollcall dev",
    };
  const { startDev } = moduleSchema.parse(await import(pathToFileURL(join(clone, entryPoint)).href));
  return startDev(request, terminal);
}

function findClone(folder: string): string | undefined {
  if (existsSync(join(folder, entryPoint)) && existsSync(join(folder, "packages", "aws-local")))
    return folder;
  const above = dirname(folder);
  return above === folder ? undefined : findClone(above);
}
