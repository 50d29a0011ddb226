import { describe, expect, it } from "vitest";
import { chimeClients } from "../../../src/directory/chime/chimeClients.ts";
import { chimeDirectory } from "../../../src/directory/chime/chimeDirectory.ts";
import { pipelineNames, pipelines } from "../../../src/pipelineSettings.ts";
import { runBatch } from "../../provisioning/runBatch.ts";
import { useRosterBench } from "./rosterBench.ts";

const bench = useRosterBench();
const asOf = ["--as-of", "2026-05-14T06:00:00Z"];

/** Carries out what the bus has taken, as the functions would, against the simulator. */
async function drainBus() {
  const endpoint = bench.chime().url;
  const clients = chimeClients({ endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  const events = (await bench.bus().taken()).map((detail) => JSON.stringify(detail));
  for (const intent of pipelineNames) {
    const records = pipelines[intent].detailTypes.flatMap((type) =>
      events
        .filter((detail) => detail.includes(`-${kinds[type]}-`))
        .map((detail) => ({
          body: `{"source":"rollcall.hr","detail-type":"${type}","detail":${detail}}`,
          receiveCount: 1,
          receivedAt: Date.parse("2026-05-14T12:00:00.000Z"),
        })),
    );
    await runBatch(records, { intent, directory: chimeDirectory(clients) });
  }
  clients.retrying.destroy();
  clients.single.destroy();
}

/** The word in the event ids by which the test tells the types apart; the bus keeps the detail alone. */
const kinds: Record<string, string> = {
  EmployeeLeft: "leaver",
  EmployeeHired: "joiner",
  EmployeeReturned: "returner",
  LicenseChanged: "license",
};

describe("rollcall sync", () => {
  it("publishes what was planned, after which there is nothing left to do", async () => {
    const plan = JSON.parse((await bench.plan(["roster.csv", "--json", ...asOf])).stdout);
    const { stdout, exitCode } = await bench.sync(["roster.csv", "--yes", ...asOf]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("4 changes in 4 calls.");
    expect(stdout).toContain("4 of 4 events published to rollcall-dev");
    await drainBus();
    const planned = plan.calls.reduce((sum: number, { calls }: { calls: number }) => sum + calls, 0);
    const { GetAccount: _, ListUsers: __, ...made } = bench.chime().calls.summary();
    expect(planned).toBe(Object.values(made).reduce((sum, { calls }) => sum + calls, 0));
    const again = await bench.plan(["roster.csv", "--exit-code", ...asOf]);
    expect([
      again.exitCode,
      again.stdout.includes("Nothing to do: the directory is as the roster says."),
    ]).toEqual([0, true]);
  });

  it("sends the same events for the same roster, so that a second time does no harm", async () => {
    await bench.sync(["roster.csv", "--yes", ...asOf]);
    const first = await bench.bus().takenIds();
    await bench.sync(["roster.csv", "--yes", ...asOf]);
    expect(await bench.bus().takenIds()).toEqual([...first, ...first].sort());
    expect(first[0]).toMatch(/^roster-2026-05-14T06:00:00\.000Z-joiner-[0-9a-f]{24}$/);
  });

  it("publishes nothing where nobody can be asked", async () => {
    const { exitCode, stderr } = await bench.sync(["roster.csv"]);
    expect([exitCode, stderr]).toEqual([
      2,
      "error: standard input is no terminal, so nobody can be asked: add --yes to publish without a question; nothing was published\n",
    ]);
    expect(bench.bus().calls).toEqual([]);
  });

  it("remembers the roster, and publishes nothing of one that has shrunk or is older", async () => {
    await bench.sync(["roster.csv", "--yes", ...asOf]);
    expect(JSON.parse(await bench.read(".rollcall-roster.json"))).toEqual({
      present: 3,
      asOf: "2026-05-14T06:00:00.000Z",
    });
    const before = bench.bus().calls.length;
    const older = await bench.sync(["roster.csv", "--yes", "--as-of", "2026-05-13T06:00:00Z"]);
    await bench.write("roster.csv", "Employee_ID,Work_Email,Status\np-stays,stays@team.example,active\n");
    const shrunk = await bench.sync(["roster.csv", "--yes"]);
    expect([older.exitCode, shrunk.exitCode, bench.bus().calls.length]).toEqual([1, 1, before]);
    expect(older.stderr).toContain("has been synced already; take a newer one. Nothing was published");
    expect(shrunk.stderr).toContain("which is 33 % of the 3 of the last roster");
    const accepted = await bench.sync(["roster.csv", "--yes", "--json", "--least-percent", "33"]);
    expect([accepted.exitCode, JSON.parse(accepted.stdout)]).toEqual([
      0,
      { target: { stage: "dev", account: null, region: "us-east-1" }, events: 0, accepted: 0 },
    ]);
    expect(JSON.parse(await bench.read(".rollcall-roster.json")).present).toBe(1);
  });

  it("is stopped by a memory that is something else, because a truncated roster would pass without it", async () => {
    await bench.write(".rollcall-roster.json", "[]");
    const { exitCode, stderr } = await bench.sync(["roster.csv", "--yes"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("expected .rollcall-roster.json to be the memory of the last roster");
    expect(bench.bus().calls).toEqual([]);
  });
});
