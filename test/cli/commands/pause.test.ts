import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChimeSimulator } from "../../../packages/chime-simulator/chimeSimulator.ts";
import { leaverBody } from "./dlqBench.ts";
import { useHeldBench, withoutTimes } from "./heldBench.ts";

const bench = useHeldBench();
const because = ["--because", "the feed of ada@example.com is wrong", "--by", "eve"];
const note = "the feed of a***@example.com is wrong";
const state = { admissions: [], acts: [] };

const linesOf = ({ stdout, ...end }: { exitCode: number | null; stdout: string; stderr: string }) => ({
  ...end,
  lines: withoutTimes(stdout).trimEnd().split("\n"),
});

describe("rollcall pause", () => {
  it("stops everything, and says how to go on", async () => {
    expect(linesOf(await bench.run(["pause", ...because]))).toEqual({
      exitCode: 0,
      stderr: "",
      lines: [
        `Paused in TARGET: everything, since TIME by eve: ${note}.`,
        "Messages wait and nothing is lost. To end it:",
        "  rollcall resume TARGET",
      ],
    });
  });

  it("stops a pipeline of an account that the ledger knows, once", async () => {
    await bench.setState("team-0001", state);
    const scope = ["--pipeline", "offboard", "--account", "team-0001"];
    const first = await bench.run(["pause", ...scope, ...because, "--json"]);
    const { pause, isNew } = JSON.parse(first.stdout);
    expect([pause, isNew]).toEqual([
      { pipeline: "offboard", account: "team-0001", since: pause.since, by: "eve", note },
      true,
    ]);
    expect(
      linesOf(await bench.run(["pause", ...scope, "--because", "a drill", "--by", "bob"])).lines,
    ).toEqual([
      `Paused in TARGET: offboard, account team-0001, since TIME by eve: ${note}.`,
      "It was paused before, and that pause stays as it is. Messages wait and nothing is lost. To end it:",
      "  rollcall resume TARGET --pipeline offboard --account team-0001",
    ]);
  });

  it("refuses an account that nobody knows, a pipeline that is none, and no reason", async () => {
    await bench.setState("team-0001", state);
    const runs = await Promise.all([
      bench.run(["pause", "--account", "team-1", ...because]),
      bench.run(["pause", "--pipeline", "offbord", ...because]),
      bench.run(["pause"]),
    ]);
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr.split("\n")[0]])).toEqual([
      [
        1,
        "error: neither the policy nor the ledger rollcall-dev-ledger knows an account team-1. They know team-0001; nothing was paused",
      ],
      [
        2,
        "error: option '--pipeline <name>' argument 'offbord' is invalid. Allowed choices are onboard, offboard, reinstate, relicense.",
      ],
      [2, "error: required option '--because <text>' not specified"],
    ]);
    expect((await bench.run(["resume"])).exitCode).toBe(1);
  });
});

describe("rollcall resume", () => {
  it("ends exactly the pause that it names, and tells what is still paused", async () => {
    await bench.run(["pause", ...because]);
    await bench.run(["pause", "--pipeline", "offboard", ...because]);
    expect(linesOf(await bench.run(["resume"]))).toEqual({
      exitCode: 0,
      stderr: "",
      lines: [
        `Resumed in TARGET: everything, since TIME by eve: ${note}.`,
        "What waited is carried out within minutes.",
        `Still paused: offboard, since TIME by eve: ${note}. To end it:`,
        "  rollcall resume TARGET --pipeline offboard",
      ],
    });
    expect(linesOf(await bench.run(["resume", "--pipeline", "onboard"]))).toMatchObject({
      exitCode: 1,
      lines: [
        "There was no pause of onboard in TARGET.",
        expect.stringContaining("Still paused: offboard"),
        "  rollcall resume TARGET --pipeline offboard",
      ],
    });
  });

  it("ends all pauses at once", async () => {
    await bench.run(["pause", "--pipeline", "onboard", ...because]);
    await bench.run(["pause", "--pipeline", "offboard", ...because]);
    const { exitCode, stdout } = await bench.run(["resume", "--all", "--json"]);
    const { ended, left } = JSON.parse(stdout);
    expect([exitCode, ended.map(({ pipeline }: { pipeline: string }) => pipeline).toSorted(), left]).toEqual([
      0,
      ["offboard", "onboard"],
      [],
    ]);
    expect((await bench.run(["resume", "--all", "--pipeline", "onboard"])).exitCode).toBe(2);
  });
});

describe("a pause in force", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rollcall-pause-"));
    await writeFile(join(folder, "policy.yml"), "accounts: [{ id: team-0001, domains: [example.com] }]\n");
    await writeFile(join(folder, "event.json"), leaverBody("hr-1", "P-1"));
    await writeFile(
      join(folder, "roster.csv"),
      "Employee_ID,Work_Email,Status\np-1,stays@example.com,Active\np-2,leaves@example.com,Terminated\n",
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("is told by rollcall explain, with what follows once it ends", async () => {
    await bench.run(["pause", "--pipeline", "offboard", ...because]);
    const { exitCode, stdout } = await bench.run(["explain", "event.json"], folder);
    expect([exitCode, withoutTimes(stdout).replaceAll(/ +/g, " ")]).toEqual([
      0,
      expect.stringContaining(`running no paused since TIME by eve: ${note} [the pause of offboard]`),
    ]);
    expect(stdout).toContain(
      "If it came now: it waits in its queue until the pause ends; after that: a call, unless the directory has it so already",
    );
  });

  it("is not told where it stops another pipeline", async () => {
    await bench.run(["pause", "--pipeline", "onboard", ...because]);
    const { stdout } = await bench.run(["explain", "event.json", "--json"], folder);
    expect(JSON.parse(stdout).fate.kind).toBe("call");
  });

  it("is told by rollcall plan, with the changes that it stops and how to end it", async () => {
    await bench.run(["pause", "--pipeline", "offboard", ...because]);
    await bench.run(["pause", "--pipeline", "onboard", ...because]);
    const people = [
      { id: "u-1", email: "stays@example.com" },
      { id: "u-2", email: "leaves@example.com" },
    ];
    const chime = await startChimeSimulator({ accounts: [{ id: "team-0001", type: "Team", people }] });
    const args = ["plan", "roster.csv", "--chime-endpoint", chime.url];
    const { stdout } = await bench.run(args, folder);
    const { paused } = JSON.parse((await bench.run([...args, "--json"], folder)).stdout);
    await chime.close();
    expect(withoutTimes(stdout)).toContain(
      `Paused: offboard, since TIME by eve: ${note}.\n1 change would wait until that ends: rollcall resume `,
    );
    expect(paused).toMatchObject([{ pause: { pipeline: "offboard", account: null }, changes: 1 }]);
  });
});
