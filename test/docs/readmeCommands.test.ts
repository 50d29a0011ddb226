import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { runRollcall } from "../cli/runRollcall.ts";
import { clonedFiles, commandsOf, documents, root, type ShownCommand, wordsOf } from "./documents.ts";

/**
 * Why a command cannot be run here. It is held to the command's own help: the command and each of its options exist.
 * `unless` is the option with which it asks nobody, so that it is run.
 */
const needsAws: Readonly<Record<string, { reason: string; unless?: string }>> = {
  console: { reason: "reads the ledger and queues, and stays" },
  dev: { reason: "keeps a stack up" },
  trigger: { reason: "sends to an event bus" },
  publish: { reason: "sends to an event bus", unless: "--dry-run" },
  explain: { reason: "reads the ledger", unless: "--offline" },
  plan: { reason: "reads the directory" },
  sync: { reason: "reads the directory and sends to an event bus" },
  directory: { reason: "asks the directories" },
  user: { reason: "asks the directories" },
  account: { reason: "asks the directories" },
  doctor: { reason: "asks everything" },
  chime: { reason: "asks Amazon Chime" },
  history: { reason: "reads the ledger" },
  pending: { reason: "reads the ledger" },
  dlq: { reason: "reads and writes queues" },
  held: { reason: "reads and writes the ledger" },
  status: { reason: "reads the ledger and queues" },
  recent: { reason: "reads the ledger" },
  pause: { reason: "writes the ledger" },
  resume: { reason: "writes the ledger" },
  safeguard: { reason: "reads and writes the ledger" },
  report: { reason: "reads the ledger" },
  forget: { reason: "deletes from the ledger" },
  undo: { reason: "reads the ledger and sends to an event bus" },
};

/** Programs of the shell that a document may show. They run where its other commands do. */
const shellPrograms = ["tr", "cat"];

const scratches: string[] = [];

afterAll(() => {
  for (const scratch of scratches) rmSync(scratch, { recursive: true });
});

/** A folder with what a fresh clone has of all that commands name, so that what they write stays out of the repository. */
function cloneOfFiles(): string {
  const scratch = mkdtempSync(join(tmpdir(), "rollcall-docs-"));
  scratches.push(scratch);
  for (const path of clonedFiles.filter((file) => /^(events\/|policy\.yml$)/.test(file)))
    cpSync(join(root, path), join(scratch, path));
  return scratch;
}

describe.each(documents.filter((document) => commandsOf(document).length > 0))("$path", (document) => {
  it("shows only commands that work as they stand", async () => {
    const scratch = cloneOfFiles();
    const faults: string[] = [];
    // One after the other: a later one may need what an earlier one has written.
    for (const shown of commandsOf(document)) {
      const fault = await findFault(shown, scratch);
      if (fault !== undefined) faults.push(`${shown.command}: ${fault}`);
    }
    expect(faults).toEqual([]);
  });
});

it("README.md starts with the two commands of the quick start, to the letter", () => {
  const readme = readFileSync(`${root}/README.md`, "utf8");
  expect(readme).toContain("```sh\nnpm ci && npm start\n```");
  expect(readme).toContain("```sh\nnpm ci && npm test\n```");
});

async function findFault({ command, comment }: ShownCommand, scratch: string): Promise<string | undefined> {
  const [program = "", ...args] = wordsOf(command);
  if (shellPrograms.includes(program)) {
    execFileSync("sh", ["-c", command], { cwd: scratch });
    return undefined;
  }
  const missing = filesIn(args).find((file) => !existsSync(join(scratch, file)));
  if (missing !== undefined) return `a fresh clone has no ${missing}, and no earlier command makes it`;
  switch (program) {
    case "npm":
      return faultOfNpm(args);
    case "npx":
      return faultOfNpx(args, comment, scratch);
    // They need an account, a release of the past, or another folder.
    case "aws":
    case "git":
    case "cd":
      return undefined;
    default:
      return `unknown program ${program}: say in this test how it is checked`;
  }
}

/** Data files that a command reads. What `--rejected` or `--memory` names is written. */
function filesIn(args: readonly string[]): string[] {
  return args
    .filter((_, index) => !["--rejected", "--memory"].includes(args[index - 1] ?? ""))
    .map((word) => word.replace(/^file:\/\//, ""))
    .filter((word) => /^[\w./-]+\.(jsonl?|csv|ya?ml)$/.test(word));
}

/** Those take minutes, or the network: that npm knows them is all that is looked at. */
function faultOfNpm([verb = "", name = ""]: readonly string[]): string | undefined {
  if (verb === "ci" || verb === "audit") return undefined;
  const script = verb === "run" ? name : verb;
  return Object.hasOwn(packageJson.scripts, script) ? undefined : `package.json has no script ${script}`;
}

async function faultOfNpx(
  [tool = "", ...args]: readonly string[],
  comment: string,
  scratch: string,
): Promise<string | undefined> {
  switch (tool) {
    case "rollcall":
      return isLocal(args) ? faultOfRun(args, comment, scratch) : faultOfSyntax(args, scratch);
    case "serverless":
      return faultOfDeployment(args);
    case "vitest": {
      const missing = args.slice(1).find((path) => !existsSync(join(root, path)));
      return missing && `there is no ${missing}`;
    }
    default:
      return `unknown tool ${tool}: say in this test how it is checked`;
  }
}

function isLocal([name = "", ...args]: readonly string[]): boolean {
  const need = needsAws[name];
  return need === undefined || (need.unless !== undefined && args.includes(need.unless));
}

/** It has to end with 0, unless its comment says "exits with" another code. */
async function faultOfRun(
  args: readonly string[],
  comment: string,
  scratch: string,
): Promise<string | undefined> {
  const expected = Number(/exits with (\d+)/.exec(comment)?.[1] ?? 0);
  const { exitCode, stderr } = await runRollcall(args, { cwd: scratch });
  return exitCode === expected ? undefined : `expected exit code ${expected}, got ${exitCode}: ${stderr}`;
}

async function faultOfSyntax(args: readonly string[], scratch: string): Promise<string | undefined> {
  const firstOther = args.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
  const words = firstOther === -1 ? args : args.slice(0, firstOther);
  const { exitCode, stdout } = await runRollcall([...words, "--help"], { cwd: scratch });
  // Some have another name too: `list-users|ListUsers`.
  const usage = `Usage: rollcall ${words.join(" ")}`;
  // The last word may be an argument that looks like a command: `trigger left`.
  const withArgument = `Usage: rollcall ${words.slice(0, -1).join(" ")} [options] <`;
  const starts = [`${usage} `, `${usage}|`, withArgument];
  if (exitCode !== 0 || !starts.some((start) => stdout.startsWith(start)))
    return `there is no command ${words.join(" ")}`;
  const known = new Set(stdout.match(/--[a-z][a-z-]*/g));
  const unknown = args.find((word) => word.startsWith("--") && !known.has(word));
  return unknown && `the command has no option ${unknown}`;
}

/** Parameters have to be ones that serverless.yml reads. */
function faultOfDeployment([verb = "", ...options]: readonly string[]): string | undefined {
  if (verb !== "deploy" && verb !== "package") return `unknown command ${verb}`;
  const yaml = readFileSync(`${root}/serverless.yml`, "utf8");
  const asked = options.flatMap((option) => {
    const parameter = /^--param=(\w+)=/.exec(option)?.[1];
    if (parameter !== undefined) return [`\${param:${parameter},`];
    return option.startsWith("--") ? [`\${opt:${option.slice(2)},`] : [];
  });
  const unknown = asked.find((text) => !yaml.includes(text));
  return unknown && `serverless.yml does not read ${unknown}`;
}
