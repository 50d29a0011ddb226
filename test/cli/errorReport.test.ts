import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { errorCodes } from "../../src/cli/commandResult.ts";
import { asksForJson, withError } from "../../src/cli/errorReport.ts";
import { runCli } from "../../src/cli/program.ts";

/** Runs the command in this process, where nobody can be asked. */
async function run(args: readonly string[]) {
  const stream = () => Object.assign(new PassThrough(), { isTTY: false });
  const [stdin, stdout, stderr] = [stream(), stream(), stream()];
  stdin.end();
  const exitCode = await runCli(args, { stdin, stdout, stderr });
  stdout.end();
  stderr.end();
  return { exitCode, stdout: await text(stdout), stderr: await text(stderr) };
}

/** The commands that do something, as the help of each group lists them. */
async function commandsIn(path: readonly string[] = []): Promise<string[]> {
  const { stdout } = await run([...path, "--help"]);
  const [, list = ""] = stdout.split("\nCommands:\n");
  const names = (list.split("\n\n")[0] ?? "").match(/^ {2}[a-z][a-z-]*/gm)?.map((name) => name.trim()) ?? [];
  const own = names.filter((name) => name !== "help");
  if (own.length === 0) return [path.join(" ")];
  return (await Promise.all(own.map((name) => commandsIn([...path, name])))).flat();
}

const nowhere = "http://127.0.0.1:9";
const ledger = ["--endpoint", nowhere];
const both = [...ledger, "--table-endpoint", nowhere];
const directories = [...ledger, "--chime-endpoint", nowhere];
const signed = ["--because", "x", "--by", "eve", "--yes"];

/** A call of each command that fails, and the code of the failure. */
const failing: Record<string, { args: string[]; code: string }> = {
  publish: { args: ["none.jsonl"], code: "usage" },
  "roster check": { args: ["none.csv"], code: "usage" },
  plan: { args: ["none.csv"], code: "usage" },
  sync: { args: ["none.csv", "--yes"], code: "usage" },
  trigger: {
    args: ["left", "--person", "P-1", "--endpoint", nowhere, "--table-endpoint", nowhere],
    code: "unreachable",
  },
  history: { args: ["P-1", ...ledger], code: "unreachable" },
  explain: { args: ["events/EmployeeLeft.json", ...ledger], code: "failed" },
  pending: { args: ledger, code: "unreachable" },
  "dlq list": { args: ledger, code: "unreachable" },
  "dlq show": { args: ["hr-1", ...ledger], code: "unreachable" },
  "dlq redrive": { args: ["hr-1", ...both, ...signed.slice(0, 4)], code: "unreachable" },
  "dlq discard": { args: ["hr-1", ...both, ...signed], code: "unreachable" },
  "dlq edit": {
    args: ["hr-1", "--set", "data.email=a@b.example", ...both, ...signed.slice(0, 4)],
    code: "usage",
  },
  "held list": { args: ledger, code: "unreachable" },
  "held release": { args: ["--person", "P-1", ...ledger, ...signed], code: "unreachable" },
  "held discard": { args: ["--person", "P-1", ...ledger, ...signed], code: "unreachable" },
  "safeguard status": { args: ledger, code: "unreachable" },
  "safeguard allow": {
    args: ["--account", "a", "--count", "1", "--until", "1h", ...ledger, ...signed],
    code: "unreachable",
  },
  "safeguard disallow": { args: ["--account", "a", ...ledger, ...signed], code: "unreachable" },
  "safeguard reset": { args: ["--account", "a", ...ledger, ...signed], code: "unreachable" },
  "report leavers": { args: ["--since", "1h", ...ledger], code: "unreachable" },
  forget: { args: ["P-1", ...ledger, ...signed], code: "unreachable" },
  undo: { args: ["--since", "1h", ...both, ...signed], code: "unreachable" },
  "policy check": { args: ["none.yml"], code: "usage" },
  console: { args: ["--port", "1"], code: "usage" },
  dev: { args: ["--seed", "none.json"], code: "usage" },
  "directory check": { args: ["--policy", "none.yml"], code: "usage" },
  "user list": { args: [...directories], code: "unreachable" },
  "user show": { args: ["P-1", ...directories], code: "unreachable" },
  "user sign-out": { args: ["P-1", ...directories, ...signed], code: "unreachable" },
  "user reset-pin": { args: ["P-1", ...directories, ...signed], code: "unreachable" },
  "account list": { args: directories, code: "unreachable" },
  "account show": { args: ["team", ...directories], code: "unreachable" },
  // Each of its findings is a failure of its own, in the report.
  doctor: { args: ["--stage", "-"], code: "usage" },
  status: { args: both, code: "unreachable" },
  recent: { args: ledger, code: "unreachable" },
  pause: { args: [...ledger, "--because", "x", "--by", "eve"], code: "unreachable" },
  resume: { args: ledger, code: "unreachable" },
};

// Of the operations of a service it is enough here that the service cannot be reached.
const user = ["--account", "team", "--user", "u-1"];
const ofService: Record<string, string[]> = {
  "list-users": user.slice(0, 2),
  "get-user": user,
  "update-user": [...user, "--license", "Pro", ...signed],
  "batch-update-user": [...user, "--license", "Pro", ...signed],
  "batch-suspend-user": [...user, ...signed],
  "batch-unsuspend-user": [...user, ...signed],
  "invite-users": [...user.slice(0, 2), "--email", "a@b.example", ...signed],
  "logout-user": [...user, ...signed],
  "reset-personal-pin": [...user, ...signed],
  "list-accounts": [],
  "get-account": user.slice(0, 2),
  "create-account": ["--name", "x", ...signed],
  "update-account": [...user.slice(0, 2), "--name", "x", ...signed],
  "delete-account": [...user.slice(0, 2), ...signed],
  "get-account-settings": user.slice(0, 2),
  "update-account-settings": [...user.slice(0, 2), "--enable-dial-out", "on", ...signed],
  "close-account": [...user.slice(0, 2), "--name", "x", ...signed.slice(0, 4)],
};
for (const [name, args] of Object.entries(ofService))
  failing[`chime ${name}`] = { args: [...args, ...directories], code: "unreachable" };

const anError = (code: string) => ({ error: { code, message: expect.stringMatching(/\S/) } });

describe("with --json", () => {
  it("every command has a call in this test that fails", async () => {
    expect((await commandsIn()).toSorted()).toEqual(Object.keys(failing).toSorted());
  });

  it.each(Object.entries(failing))(
    "a failure of rollcall %s is one JSON object",
    async (name, { args, code }) => {
      const { exitCode, stdout, stderr } = await run([...name.split(" "), ...args, "--json"]);
      expect(JSON.parse(stdout)).toMatchObject(anError(code));
      const { message } = JSON.parse(stdout).error;
      expect([exitCode, stderr.includes(message)]).toEqual([code === "usage" ? 2 : 1, true]);
    },
  );

  it.each(Object.keys(failing))(
    "a wrong call of rollcall %s is told, with the command's help",
    async (name) => {
      const { exitCode, stdout } = await run([...name.split(" "), "--no-such-option", "--json"]);
      expect([exitCode, JSON.parse(stdout)]).toMatchObject([
        2,
        { error: { code: "usage", next: `rollcall ${name} --help` } },
      ]);
    },
  );

  it("what AWS refused says what to do about it", async () => {
    const { stdout } = await run(["pending", ...ledger, "--json"]);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: "unreachable",
        message: `DynamoDB cannot be reached at ${nowhere} (ECONNREFUSED); check the network, or name another --endpoint`,
        next: "check the network, or name another --endpoint",
      },
    });
  });

  it("help stays help, and people read no JSON", async () => {
    const help = await run(["pending", "--json", "--help"]);
    expect([help.exitCode, help.stdout.split("\n")[0]]).toEqual([0, "Usage: rollcall pending [options]"]);
    expect((await run(["pending", ...ledger])).stdout).toBe("");
  });
});

describe("withError", () => {
  const error = { code: "failed", message: "no" } as const;

  it.each([
    ["nothing went wrong", '{"a":1}\n', undefined, 0, '{"a":1}\n'],
    ["a report tells by itself that not all went well", '{"a":1}\n', undefined, 1, '{"a":1}\n'],
    [
      "a report is there already",
      '{"a":1}\n',
      error,
      1,
      '{"a":1,"error":{"code":"failed","message":"no"}}\n',
    ],
    ["nothing was printed", "", error, 1, '{"error":{"code":"failed","message":"no"}}\n'],
    [
      "an operator said no",
      "",
      undefined,
      1,
      '{"error":{"code":"incomplete","message":"the command ended before all was done"}}\n',
    ],
    [
      "somebody pressed Ctrl-C",
      "",
      undefined,
      130,
      '{"error":{"code":"interrupted","message":"the command was interrupted"}}\n',
    ],
  ])("prints one object where %s", (_, printed, told, exitCode, expected) => {
    expect(withError(printed, told, exitCode)).toBe(expected);
  });
});

it("asksForJson looks for the option only before what are arguments in any case", () => {
  expect([asksForJson(["a", "--json"]), asksForJson(["a", "--", "--json"]), asksForJson(["a"])]).toEqual([
    true,
    false,
    false,
  ]);
});

it("docs/operations.md lists every code of an error", () => {
  const manual = readFileSync("docs/operations.md", "utf8");
  const missing = Object.entries(errorCodes).filter(
    ([code, text]) => !manual.includes(`| \`${code}\` | ${text} |`),
  );
  expect(missing).toEqual([]);
});
