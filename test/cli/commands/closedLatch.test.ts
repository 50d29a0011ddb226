import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChimeSimulator } from "../../../packages/chime-simulator/chimeSimulator.ts";
import { leaverBody } from "./dlqBench.ts";
import { useHeldBench, withoutTimes } from "./heldBench.ts";

const bench = useHeldBench();
const latch = { closedAt: Date.parse("2026-05-14T08:00:00Z"), asked: 300, passed: 12, limit: 59 };
const closed = { admissions: [], latch, acts: [] };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-latch-"));
  await writeFile(join(folder, "policy.yml"), "accounts: [{ id: team-0001, domains: [example.com] }]\n");
  await writeFile(join(folder, "event.json"), leaverBody("hr-1", "P-1"));
  await writeFile(
    join(folder, "roster.csv"),
    "Employee_ID,Work_Email,Status\np-1,stays@example.com,Active\np-2,leaves@example.com,Terminated\n",
  );
});
afterAll(() => rm(folder, { recursive: true }));

describe("a closed latch", () => {
  it("is known to rollcall explain", async () => {
    await bench.setState("team-0001", closed);
    const { stdout } = await bench.run(["explain", "event.json"], folder);
    expect(stdout).toContain("limit");
    expect(stdout).toContain("If it came now: held by the safeguard (SuspensionLatch).");
  });

  it("is known to rollcall plan", async () => {
    await bench.setState("team-0001", closed);
    const people = [
      { id: "u-1", email: "stays@example.com" },
      { id: "u-2", email: "leaves@example.com" },
    ];
    const chime = await startChimeSimulator({ accounts: [{ id: "team-0001", type: "Team", people }] });
    const { stdout } = await bench.run(["plan", "roster.csv", "--chime-endpoint", chime.url], folder);
    await chime.close();
    expect(withoutTimes(stdout)).toContain(
      "The safeguard will hold suspensions of team-0001: its latch is closed since TIME, and 1 person would be held.",
    );
  });

  it("is named in the next steps, whichever account it is of", async () => {
    await bench.setState("team-0001", closed);
    await bench.setState("lwa-0001", closed);
    const { stdout } = await bench.run(["safeguard", "status"]);
    expect(stdout.match(/safeguard reset .*--account \S+/g)?.map((text) => text.split(" ").at(-1))).toEqual([
      "lwa-0001",
      "team-0001",
    ]);
  });
});

describe("rollcall safeguard allow", () => {
  it("allows nothing where nobody can be asked", async () => {
    await bench.setState("team-0001", closed);
    const count = [
      "--account",
      "team-0001",
      "--count",
      "5",
      "--until",
      "1h",
      "--because",
      "x",
      "--by",
      "eve",
    ];
    const { exitCode } = await bench.run(["safeguard", "allow", ...count]);
    expect([exitCode, (await bench.states())["team-0001"]?.allowance]).toEqual([2, undefined]);
  });
});
