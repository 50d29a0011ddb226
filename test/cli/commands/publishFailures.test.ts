import { describe, expect, it } from "vitest";
import { leaver } from "../../events/eventLines.ts";
import { startRollcall } from "../runRollcall.ts";
import { leaverIds, leaverLines, usePublishBench } from "./publishBench.ts";

const bench = usePublishBench();

describe("rollcall publish, when the bus fails", () => {
  it("sends again, and alone, the entries that were refused in passing", async () => {
    await bench.useFaults({
      entry: ({ index }) => (index % 4 === 0 && index < 10 ? { code: "ThrottlingException" } : undefined),
    });
    await bench.write("day.jsonl", leaverLines(10));
    expect((await bench.publish(["day.jsonl"])).exitCode).toBe(0);
    expect(await bench.bus().takenIds()).toEqual(leaverIds(10));
    expect(bench.bus().calls).toEqual([10, 3]);
  });

  it("sends a whole call again after a throttle, a 5xx or a lost answer", async () => {
    const kinds = [
      { kind: "refuse", status: 400, code: "ThrottlingException" },
      { kind: "refuse", status: 503, code: "ServiceUnavailable" },
      { kind: "loseAnswer" },
    ] as const;
    await bench.useFaults({ call: ({ index }) => kinds[index] });
    await bench.write("day.jsonl", leaverLines(1));
    expect((await bench.publish(["day.jsonl"])).exitCode).toBe(0);
    expect(bench.bus().calls).toEqual([1, 1, 1, 1]);
    // The event whose answer was lost had arrived: it is there twice, under one id.
    expect(await bench.bus().takenIds()).toEqual(["e0000", "e0000"]);
  });

  it("refuses an event that is too large, and sends its neighbours", async () => {
    await bench.write("day.jsonl", `${leaver("e1")}\n${leaver("huge", 262_144)}\n${leaver("e2")}\n`);
    const { exitCode, stderr } = await bench.publish(["day.jsonl"]);
    expect([exitCode, stderr.slice(0, 69)]).toEqual([
      1,
      "line 2: TooLarge: expected an entry of less than 262144 bytes; got 26",
    ]);
    expect(await bench.bus().takenIds()).toEqual(["e1", "e2"]);
  });

  it("packs by size as well: three large events do not fit one call", async () => {
    await bench.write("day.jsonl", ["a", "b", "c"].map((id) => `${leaver(id, 100_000)}\n`).join(""));
    expect((await bench.publish(["day.jsonl"])).exitCode).toBe(0);
    expect(bench.bus().calls.toSorted()).toEqual([1, 2]);
  });

  it("stops when the credentials are refused, and keeps every line", async () => {
    await bench.useFaults({ call: () => ({ kind: "refuse", status: 400, code: "AccessDeniedException" }) });
    await bench.write("day.jsonl", leaverLines(300));
    const { exitCode, stdout, stderr } = await bench.publish(["day.jsonl", "--json"]);
    const { accepted, refused, unsent } = JSON.parse(stdout);
    expect([exitCode, accepted, refused + unsent]).toEqual([1, 0, 300]);
    expect(bench.bus().calls.length).toBeLessThanOrEqual(4);
    expect(stderr).toContain("AccessDeniedException");
    expect((await bench.read("day.jsonl.rejected.jsonl")).toString()).toBe(leaverLines(300));
  });

  it("finishes what is under way when interrupted, keeps the rest, and ends with 130", async () => {
    let interrupt = () => {};
    await bench.useFaults({
      call: ({ index }) => {
        if (index === 3) interrupt();
        return undefined;
      },
    });
    await bench.write("day.jsonl", leaverLines(4000));
    const { child, end } = startRollcall(
      ["publish", "day.jsonl", "--json", "--endpoint", bench.bus().url],
      bench.folder(),
    );
    interrupt = () => child.kill("SIGINT");
    const { exitCode, stdout, stderr } = await end;
    expect(exitCode).toBe(130);
    expect(stderr).toContain("Interrupted: saving what was not sent.");
    const { accepted, unsent } = JSON.parse(stdout);
    expect(unsent).toBeGreaterThan(0);
    expect(accepted + unsent).toBe(4000);
    const saved = (await bench.read("day.jsonl.rejected.jsonl")).toString().trimEnd().split("\n");
    const savedIds = saved.map((line) => JSON.parse(line).detail.metadata.id);
    expect([...(await bench.bus().takenIds()), ...savedIds].sort()).toEqual(leaverIds(4000));
  });
});
