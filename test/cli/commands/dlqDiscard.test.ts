import { tmpdir } from "node:os";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { runDiscard } from "../../../src/cli/commands/dlq/dlqResolve.ts";
import { fakeTerminal } from "../fakeTerminal.ts";
import { runRollcall, withoutTarget } from "../runRollcall.ts";
import { leaverBody, useDlqBench } from "./dlqBench.ts";

const bench = useDlqBench();
const notFound = { kind: "rejected", code: "UserNotFound", reason: "no such user" } as const;
const because = ["--because", "a wrong feed", "--by", "eve", "--yes"];

describe("rollcall dlq discard", () => {
  it("journals who discarded what and why, and takes the letters away", async () => {
    const bodies = [leaverBody("hr-1", "P-1"), leaverBody("hr-2", "P-2")];
    await bench.reject("offboard", bodies, notFound);
    const { exitCode, stdout, stderr } = await bench.run(["dlq", "discard", "--person", "P-1", ...because]);
    expect({ exitCode, summary: stdout.split("\n").at(-2), stderr }).toEqual({
      exitCode: 0,
      summary: "1 discarded. In TARGET.",
      stderr: "",
    });
    expect((await bench.journalOf("P-1")).map(({ version, settledAt, trail, ...entry }) => entry)).toEqual([
      {
        personId: "P-1",
        eventId: "hr-1",
        intent: "offboard",
        outcome: "discarded",
        code: "UserNotFound",
        occurredAt: "2026-05-14T17:00:00.000Z",
        receivedAt: "2026-05-14T17:00:05.000Z",
        by: "eve",
        note: "a wrong feed",
      },
    ]);
    expect(await bench.takeDead("offboard")).toEqual(bodies.slice(1));
    const history = await bench.run(["history", "P-1"]);
    expect(
      history.stdout
        .replaceAll(/2026-(?!05)\S+Z/g, "NOW")
        .replace(/\d+ d {2}/, "? d  ")
        .split("\n"),
    ).toEqual([
      "P-1: nothing done about access yet (EmployeeLeft hr-1 discarded NOW: UserNotFound)",
      "",
      "DECIDED               INTENT    OUTCOME    AFTER  WHY",
      "2026-05-14T17:00:00Z  offboard  discarded  ? d  UserNotFound  event hr-1  received 2026-05-14T17:00:05Z  settled NOW  by eve  note: a wrong feed",
      "",
      "Nobody is at work on this person right now.",
      "",
    ]);
  });

  it("says of a letter that names nobody that there is nothing to journal", async () => {
    await bench.reject("offboard", ["not JSON"], { ...notFound, code: "Malformed" });
    const { exitCode, stdout } = await bench.run(["dlq", "discard", "--code", "malformed", ...because]);
    expect({ exitCode, summary: stdout.split("\n").at(-2) }).toEqual({
      exitCode: 0,
      summary: "1 discarded, with no person or event to journal. In TARGET.",
    });
    expect(await bench.takeDead("offboard")).toEqual([]);
  });

  it("keeps what the ledger does not take", async () => {
    const body = leaverBody("hr-3", "P-3");
    await bench.reject("offboard", [body], notFound);
    bench.failDynamo({ kind: "refuse", status: 400, code: "ProvisionedThroughputExceededException" });
    const { exitCode, stdout, stderr } = await bench.run(["dlq", "discard", "hr-3", ...because]);
    expect({ exitCode, summary: stdout.split("\n").at(-2) }).toEqual({
      exitCode: 1,
      summary: "1 not discarded. In TARGET.",
    });
    expect(stderr).toMatch(
      /^error: 1 of 1 failed \(the ledger did not take it: Provisioned.*; discard it again\); nothing is lost: run the command again\n$/,
    );
    expect(await bench.takeDead("offboard")).toEqual([body]);
  });

  it("does nothing that nobody has chosen, reasoned or agreed to", async () => {
    const cases = [
      [
        ["--because", "x", "--yes"],
        "error: expected ids, or a filter such as --code or --person; nothing was discarded\n",
      ],
      [
        ["hr-1", "--because", "x"],
        "error: standard input is no terminal, so nobody can be asked: add --yes to discard without a question; nothing was discarded\n",
      ],
      [
        ["hr-1", "--yes"],
        "error: required option '--because <text>' not specified\nTry rollcall dlq discard --help.\n",
      ],
      [
        ["hr-1", "--yes", "--because", "x".repeat(501)],
        `error: option '--because <text>' argument '${"x".repeat(501)}' is invalid. Expected 1 to 500 characters; got 501.\nTry rollcall dlq discard --help.\n`,
      ],
    ] as const;
    const runs = await Promise.all(cases.map(([args]) => bench.run(["dlq", "discard", ...args])));
    expect(runs).toEqual(cases.map(([, stderr]) => ({ exitCode: 2, stdout: "", stderr })));
    expect(bench.requests).toEqual([]);
  });

  it("does not mix queues on this computer with a ledger in AWS", async () => {
    const args = ["dlq", "discard", "hr-1", ...because, "--endpoint", "http://127.0.0.1:1"];
    expect(await runRollcall(args, { cwd: tmpdir() })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "error: --endpoint and --table-endpoint go together: the queues and the ledger are one stack's; nothing was discarded\n",
    });
  });
});

const body = leaverBody("hr-8", "P-8");

describe("rollcall dlq discard, on a terminal,", () => {
  async function discard(typed: string) {
    await bench.reject("offboard", [body], {
      kind: "rejected",
      code: "UserNotFound",
      reason: "account team-0001 has no user with this address; check the address in HR, or suspend by hand",
      agoMilliseconds: 3 * 3_600_000,
    });
    const { terminal, screen } = fakeTerminal({ columns: 160 });
    terminal.stdin.write(typed);
    const request = { stack: "rollcall-dev", ids: ["hr-8"], because: "a wrong feed", by: "eve" };
    const end = await runDiscard({ ...request, ...bench.endpoints() }, terminal);
    return {
      end,
      screen: withoutTarget({
        exitCode: 0,
        stdout: "",
        stderr: stripVTControlCharacters(screen()),
      }).stderr.split("\n"),
      dead: await bench.takeDead("offboard"),
    };
  }

  it("shows what is meant and asks, and leaves everything as it is without a yes", async () => {
    expect(await discard("\n")).toEqual({
      end: { kind: "done", exitCode: 1 },
      screen: [
        "PIPELINE  CODE          PERSON  AGE  ID    REASON",
        "offboard  UserNotFound  P-8     3 h  hr-8  account team-0001 has no user with this address; check the address in HR, or…",
        "",
        "Discard 1 dead letter in TARGET? [y/N] Nothing was discarded.",
        "",
      ],
      dead: [body],
    });
    expect(await bench.journalOf("P-8")).toEqual([]);
  });

  it("discards after a yes", async () => {
    const { end, screen, dead } = await discard("y\n");
    expect({ end, summary: screen.at(-2), dead }).toEqual({
      end: { kind: "done", exitCode: 0 },
      summary: "1 discarded. In TARGET.",
      dead: [],
    });
    expect((await bench.journalOf("P-8")).map(({ outcome, by, note }) => ({ outcome, by, note }))).toEqual([
      { outcome: "discarded", by: "eve", note: "a wrong feed" },
    ]);
  });
});
