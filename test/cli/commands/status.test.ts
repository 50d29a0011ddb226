import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { withoutTarget } from "../runRollcall.ts";
import { withoutTimes } from "./heldBench.ts";
import { useTwoStages } from "./twoStages.ts";

const bench = useTwoStages();
const run = async (...args: string[]) =>
  withoutTarget(
    await bench.run(["status", "--stage", "prod", ...args], { cwd: tmpdir(), env: bench.endpoints() }),
  );

describe("rollcall status", () => {
  it("shows the queues, each account with its latch and who is held, and what waits", async () => {
    const { exitCode, stdout } = await run("--utc");
    const lines = withoutTimes(stdout)
      .replaceAll(/\d+ \w+ ago/g, "AGE ago")
      .replaceAll(/ {2,}/g, " | ")
      .trimEnd()
      .split("\n");
    expect([exitCode, lines]).toEqual([
      0,
      [
        "rollcall-prod (rollcall-prod-ledger) at TIME",
        "Nothing is paused.",
        "",
        "QUEUE | READY | IN FLIGHT | DELAYED | DEAD LETTERS",
        "onboard | 0 | 0 | 0 | 0",
        "offboard | 0 | 0 | 0 | 1",
        "reinstate | 0 | 0 | 0 | 0",
        "relicense | 0 | 0 | 0 | 0",
        "",
        "ACCOUNT | LATCH | HELD | ACTIVE USERS",
        "lwa-0001 | closed | 0 | not counted yet",
        "team-0001 | closed | 1 | not counted yet",
        "",
        "The latch of lwa-0001 is closed since TIME (AGE ago).",
        "The latch of team-0001 is closed since TIME (AGE ago).",
        "1 person of team-0001 held by the safeguard, the first since TIME (AGE ago):",
        " | rollcall held list TARGET --account team-0001",
        "",
        "No decision waits.",
      ],
    ]);
  });

  it("tells times in this computer's zone, unless UTC is asked for", async () => {
    const args = ["status", "--stage", "prod"];
    const options = { cwd: tmpdir(), env: { ...bench.endpoints(), TZ: "Asia/Tokyo" } };
    const runs = await Promise.all([bench.run(args, options), bench.run([...args, "--utc"], options)]);
    expect(runs.map(({ stdout }) => /at \S+?(Z|[+-]\d\d:\d\d)\n/.exec(stdout)?.[1])).toEqual(["+09:00", "Z"]);
  });

  it("watches on a terminal only, and not for programs", async () => {
    const runs = await Promise.all([run("--watch"), run("--watch", "--json")]);
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr.split("\n")[0]])).toEqual([
      [2, "error: --watch draws on a terminal, and standard output is none"],
      [2, "error: option '--watch' cannot be used with option '--json'"],
    ]);
  });
});
