import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { versionKey } from "../../../src/provisioning/decision.ts";
import { timeOf } from "../../ledger/decisions.ts";
import { runRollcall, withoutTarget } from "../runRollcall.ts";
import { useLedgerBench } from "./ledgerBench.ts";

const bench = useLedgerBench();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "explain-"));
  await writeFile(
    join(folder, "policy.yml"),
    'exclusions: { addresses: ["*@board.example"] }\naccounts: [{ id: team, domains: [example.com] }]\n',
  );
});
afterAll(() => rm(folder, { recursive: true }));

/** The event of a decision as the bench's ledger knows it. */
async function fileOf(eventId: string, minute: number, data: object = {}) {
  const occurredAt = new Date(timeOf(minute)).toISOString();
  const event = {
    "detail-type": "EmployeeLeft",
    detail: {
      metadata: { id: eventId, schemaVersion: "1.0", occurredAt },
      data: { personId: "P-1", email: "ada@example.com", ...data },
    },
  };
  await writeFile(join(folder, "event.json"), JSON.stringify(event, null, 2));
  return join(folder, "event.json");
}
const policy = () => ["--policy", join(folder, "policy.yml")];

const runOn = async (...args: Parameters<typeof runRollcall>) => withoutTarget(await runRollcall(...args));

describe("rollcall explain", () => {
  it("tells the whole way of an event that would be carried out", async () => {
    const file = await fileOf("hr-1", 0, { personId: "P-new" });
    const { exitCode, stdout, stderr } = await bench.run(["explain", file, ...policy()]);
    expect({
      exitCode,
      stderr,
      lines: stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, " | ")),
    }).toEqual({
      exitCode: 0,
      stderr: "",
      lines: [
        "QUESTION | ANSWER | WHY",
        "readable | yes | hr-1 about P-new, decided 2026-05-14T08:00:00Z, for the offboard pipeline",
        "in scope | yes | the policy excludes nobody like this",
        "account | yes | team | [accounts: team, domains: example.com]",
        "effective | yes | at once | [metadata.occurredAt]",
        "order | yes | no newer decision about access stands",
        "call | yes | BatchSuspendUser | [for accounts of type Team, EnterpriseLWA]",
        "call | no | none: a dead letter, ManagedInDirectory | [for accounts of type EnterpriseDirectory, EnterpriseOIDC]",
        "limit | yes | the safeguard lets one more pass | [safeguard of team]",
        "",
        "If it came now: a call, unless the directory has it so already or the safeguard holds it.",
        "The ledger remembers nothing of this event, in TARGET.",
        "",
      ],
    });
  });

  it("names the newer decision that an event came too late for, and what became of the event", async () => {
    const back = { eventId: "hr-back", minute: 20, intent: "reinstate", personId: "P-late" } as const;
    await bench.settle(back, {}, { email: "ada@example.com" });
    const late = { eventId: "hr-late", minute: 10, personId: "P-late" };
    await bench.record(late, { outcome: "superseded", code: "hr-back" });
    const { stdout } = await bench.run([
      "explain",
      await fileOf("hr-late", 5, { personId: "P-late" }),
      ...policy(),
      "--json",
    ]);
    const { steps, fate, ledger, table } = JSON.parse(stdout);
    expect([steps.at(-1), fate, ledger.decision.outcome, table]).toEqual([
      {
        question: "order",
        answer: "no",
        text: "settled before",
        rule: "the ledger: hr-back (reinstate, decided 2026-05-14T08:20:00Z) was applied",
      },
      { kind: "unchanged", text: "settled before" },
      "superseded",
      "rollcall-dev-ledger",
    ]);
    const fresh = await bench.run([
      "explain",
      await fileOf("hr-unseen", 5, { personId: "P-late" }),
      ...policy(),
    ]);
    expect(fresh.stdout).toContain("If it came now: superseded by hr-back.\nThe ledger remembers nothing");
  });

  it("tells that an event is settled, by the same version that the drain gives it", async () => {
    const occurredAt = timeOf(30);
    const version = versionKey({ occurredAt, effectiveAt: occurredAt, intent: "offboard", eventId: "hr-3" });
    const told = { eventId: "hr-3", minute: 30, personId: "P-1" };
    await bench.settle(told, { requestId: "r-1" }, { version });
    const { stdout } = await bench.run(["explain", await fileOf("hr-3", 30), ...policy()]);
    expect(stdout.split("\n").slice(-3)).toEqual([
      "If it came now: settled before.",
      "What became of it: applied 2026-05-14T09:00:00Z.",
      "",
    ]);
  });

  it("names the rule that leaves somebody alone, from standard input and without a ledger", async () => {
    const file = await fileOf("hr-4", 0, { email: "chief@board.example" });
    const { exitCode, stdout } = await runRollcall(["explain", file, "--offline"], { cwd: folder });
    expect([exitCode, stdout.split("\n").at(-2)]).toEqual([
      0,
      "If it came now: left alone: exclusions.addresses: *@board.example.",
    ]);
    const piped = await runRollcall(["explain", "-", "--offline", "--json"], { cwd: folder, stdin: "hello" });
    expect(JSON.parse(piped.stdout).fate).toEqual({
      kind: "rejected",
      text: "a dead letter, Malformed: body: expected a JSON object with detail-type and detail; got a string of 5 characters",
    });
  });

  it("tells what it knows where the ledger cannot be read, and fails", async () => {
    const file = await fileOf("hr-5", 0);
    const run = await runOn(["explain", file, "--endpoint", "http://127.0.0.1:9"], { cwd: folder });
    expect([run.exitCode, run.stdout.includes("BatchSuspendUser"), run.stderr]).toEqual([
      1,
      true,
      expect.stringMatching(/^error: DynamoDB cannot be reached at .+; or leave it out with --offline\n$/),
    ]);
    const offline = await runRollcall(["explain", file, "--offline"], { cwd: folder });
    expect([offline.exitCode, offline.stdout.split("\n").at(-2)]).toEqual([
      0,
      "If it came now: it depends on the ledger, see above.",
    ]);
  });

  it("explains one event at a time, and says so of a file with more", async () => {
    const event = { "detail-type": "EmployeeLeft", detail: {} };
    const stdin = `${JSON.stringify(event)}\n\n${JSON.stringify(event)}\n`;
    expect(await runRollcall(["explain", "-", "--offline"], { cwd: folder, stdin })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "error: expected one event; got 2 lines of them. Choose one: grep its id there and explain -\n",
    });
  });

  it("says which file or policy is not there", async () => {
    const runs = await Promise.all([
      runRollcall(["explain", "no.json", "--offline"], { cwd: folder }),
      runRollcall(["explain", join(folder, "event.json"), "--offline"], { cwd: tmpdir() }),
    ]);
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
      [2, "error: cannot read no.json: no such file or directory\n"],
      [2, "error: there is no policy.yml here; name the policy with --policy\n"],
    ]);
  });
});
