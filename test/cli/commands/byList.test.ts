import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { leaverBody, useDlqBench } from "./dlqBench.ts";
import { useHeldBench } from "./heldBench.ts";

const held = useHeldBench();
const dead = useDlqBench();
const signed = ["--because", "HR confirms each", "--by", "eve", "--yes"];
const notFound = { kind: "rejected", code: "UserNotFound", reason: "no such user" } as const;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-list-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function list(...lines: string[]): Promise<string> {
  const file = join(folder, "list.txt");
  await writeFile(file, lines.join("\r\n"));
  return file;
}

describe("rollcall held, with a list", () => {
  it("releases those of the list alone, tells of each, and fails for who is not held", async () => {
    await held.hold(["P-1", "P-2", "P-3", "P-4", "P-5"].map((personId) => ({ personId })));
    const file = await list("# checked with HR", "P-1", "", "p-3@EXAMPLE.com", "P-9", "P-*", "P-1");
    const { exitCode, stdout, stderr } = await held.run(["held", "release", "--people", file, ...signed]);
    const lines = stdout.split("\n");
    expect({ exitCode, stderr, summary: lines.slice(3, -1) }).toEqual({
      exitCode: 1,
      stderr: "",
      summary: [
        "",
        "2 of the list not held:",
        "  P-9",
        "  P-*",
        "2 released. In TARGET.",
        "They are published within a minute or two, and suspended then.",
      ],
    });
    expect(lines.slice(1, 3).map((line) => line.split(/ {2,}/).slice(2))).toEqual(
      ["P-1", "P-3"].map((id) => [id, "team-0001", "offboard", "limit", `hr-${id}`, "released"]),
    );
    expect((await held.due()).sort()).toEqual([
      ["P-1", "released"],
      ["P-3", "released"],
    ]);
  });

  it("takes the list from standard input where nobody needs to be asked", async () => {
    await held.hold(["P-1", "P-2"].map((personId) => ({ personId })));
    const args = ["held", "discard", "--people", "-", "--json", ...signed];
    const asking = held.start(args.slice(0, -1));
    asking.child.stdin.end("P-2\n");
    expect(await asking.end).toMatchObject({
      exitCode: 2,
      stderr:
        "error: standard input is the list, so nobody can be asked: add --yes to discard without a question; nobody was discarded\n",
    });
    const { child, end } = held.start(args);
    child.stdin.end("P-2\n");
    const { exitCode, stdout } = await end;
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([
      0,
      { count: 1, notHeld: [], held: [{ personId: "P-2", result: "discarded" }] },
    ]);
    expect((await held.journalOf("P-1")).map(({ outcome }) => outcome)).toEqual(["held"]);
  });
});

describe("rollcall dlq, with a list", () => {
  it("redrives by events and discards by people, and tells of what has no dead letter", async () => {
    const bodies = ["1", "2", "3", "4"].map((n) => leaverBody(`hr-${n}`, `P-${n}`));
    await dead.reject("offboard", bodies, notFound);
    const redriven = await dead.run(["dlq", "redrive", "--ids", "-", "--json", "--by", "eve"], {
      stdin: "hr-1\nhr-3\nhr-9\n",
    });
    expect([redriven.exitCode, JSON.parse(redriven.stdout)]).toMatchObject([
      1,
      { notFound: ["hr-9"], letters: [{ eventId: "hr-1" }, { eventId: "hr-3" }] },
    ]);
    const file = await list("P-2", "p-3@example.com", "nobody@example.com");
    const discarded = await dead.run(["dlq", "discard", "--people", file, ...signed]);
    expect([discarded.exitCode, discarded.stdout.split("\n").slice(-5)]).toEqual([
      1,
      [
        "2 of the list without a dead letter:",
        "  p-3@example.com",
        "  nobody@example.com",
        "1 discarded. In TARGET.",
        "",
      ],
    ]);
    expect([await dead.takeQueued("offboard"), await dead.takeDead("offboard")]).toEqual([
      [bodies[0], bodies[2]],
      [bodies[3]],
    ]);
  });

  it("does nothing for a list that cannot be read, or that names nobody", async () => {
    const empty = await list("# nobody", "");
    const runs = await Promise.all(
      [empty, join(folder, "none.txt")].map((file) => dead.run(["dlq", "discard", "--ids", file, ...signed])),
    );
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr.replaceAll(folder, "FOLDER")])).toEqual([
      [2, "error: FOLDER/list.txt names nobody; expected one entry in each line; nothing was discarded\n"],
      [2, "error: cannot read FOLDER/none.txt: no such file or directory; nothing was discarded\n"],
    ]);
    expect(dead.requests).toEqual([]);
  });
});
