import { describe, expect, it } from "vitest";
import { leaverBody, useDlqBench } from "./dlqBench.ts";

const bench = useDlqBench();
const unsupported = { kind: "rejected", code: "LicenseNotSupported", reason: "no such license" } as const;
const bodies = Array.from({ length: 13 }, (_, index) => leaverBody(`hr-${index + 10}`, "P-1"));
/** The column of the ages is as wide as they are: that much time the command took to start. */
const heading = expect.stringMatching(/^PIPELINE {2}CODE {17}PERSON {2}AGE {2,3}ID {5}RESULT$/);

describe("rollcall dlq redrive", () => {
  it("puts back what the filter leaves, as it came, and nothing else", async () => {
    await bench.reject("offboard", bodies, unsupported);
    await bench.reject("relicense", [leaverBody("hr-1", "P-2")], unsupported);
    const { exitCode, stdout, stderr } = await bench.run(["dlq", "redrive", "--pipeline", "offboard"]);
    const lines = stdout.split("\n");
    expect({ exitCode, stderr, lines: [lines[0], ...lines.slice(14)] }).toEqual({
      exitCode: 0,
      stderr: "",
      lines: [heading, "", "13 put back. In TARGET.", ""],
    });
    expect(lines.slice(1, 14).every((line) => line.endsWith("  put back"))).toBe(true);
    expect((await bench.takeQueued("offboard")).sort()).toEqual(bodies);
    expect([await bench.takeDead("offboard"), (await bench.takeDead("relicense")).length]).toEqual([[], 1]);
  });

  it("puts back single ones by id, and everything with --all", async () => {
    await bench.reject("offboard", bodies.slice(0, 2), unsupported);
    await bench.moveToDeadLetters("reinstate", bodies[2] ?? "", { ERROR_CODE: "NO_PERMISSIONS" });
    const one = await bench.run(["dlq", "redrive", "hr-10", "--json"]);
    expect(JSON.parse(one.stdout)).toMatchObject({ count: 1, counts: { redriven: 1 } });
    expect(await bench.takeQueued("offboard")).toEqual([bodies[0]]);
    const all = await bench.run(["dlq", "redrive", "--all", "--json"]);
    expect(JSON.parse(all.stdout)).toMatchObject({ count: 2, counts: { redriven: 2 } });
    expect([await bench.takeQueued("offboard"), await bench.takeQueued("reinstate")]).toEqual([
      [bodies[1]],
      [bodies[2]],
    ]);
  });

  it("puts nothing back in a dry run, for which every letter is there the next time", async () => {
    await bench.reject("offboard", bodies.slice(0, 1), unsupported);
    const { exitCode, stdout } = await bench.run(["dlq", "redrive", "--all", "--dry-run"]);
    expect({ exitCode, lines: stdout.split("\n") }).toEqual({
      exitCode: 0,
      lines: [
        heading,
        expect.stringMatching(
          /^offboard {2}LicenseNotSupported {2}P-1 {4,5}\d+ s {2}hr-10 {2}would be put back$/,
        ),
        "",
        "1 would be put back. In TARGET.",
        "",
      ],
    });
    expect([await bench.takeQueued("offboard"), await bench.takeDead("offboard")]).toEqual([[], [bodies[0]]]);
  });

  it("ends with 1 if some could not be put back, says which, and loses none", async () => {
    await bench.reject("offboard", bodies.slice(0, 3), unsupported);
    bench.failSqs(({ operation }) =>
      operation === "SendMessageBatch"
        ? { kind: "refuseEntries", ids: ["1"], code: "InternalError" }
        : undefined,
    );
    const { exitCode, stdout, stderr } = await bench.run(["dlq", "redrive", "--all"]);
    expect({ exitCode, summary: stdout.split("\n").at(-2), stderr }).toEqual({
      exitCode: 1,
      summary: expect.stringMatching(
        /^(2 put back, 1 not put back|1 not put back, 2 put back)\. In TARGET\.$/,
      ),
      stderr:
        "error: 1 of 3 failed (SQS did not take 1 of 3 entries: InternalError: asked for by a fault plan); nothing is lost: run the command again\n",
    });
    const found = [...(await bench.takeQueued("offboard")), ...(await bench.takeDead("offboard"))];
    expect(found.sort()).toEqual(bodies.slice(0, 3));
  });

  it("loses none when it is interrupted, and says how far it came", async () => {
    await bench.reject("offboard", bodies, unsupported);
    const { exitCode, stdout } = await bench.interrupt("SendMessageBatch", ["dlq", "redrive", "--all"]);
    expect({ exitCode, summary: stdout.split("\n").at(-2) }).toEqual({
      exitCode: 130,
      summary: "10 put back, 3 untouched. In TARGET.",
    });
    const [queued, dead] = [await bench.takeQueued("offboard"), await bench.takeDead("offboard")];
    expect([...queued, ...dead].sort()).toEqual(bodies);
    expect([queued.length, dead.length]).toEqual([10, 3]);
  });

  it("does nothing for ids that no letter has, and for what nothing is like", async () => {
    await bench.reject("offboard", bodies.slice(0, 1), unsupported);
    const unknown = await bench.run(["dlq", "redrive", "hr-10", "hr-98", "hr-99"]);
    expect(unknown).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "error: no dead letters of rollcall-dev have the ids hr-98, hr-99 (TARGET); it may be an event's or a message's, to the letter. Those that are there: rollcall dlq list TARGET\n",
    });
    const none = await bench.run(["dlq", "redrive", "--code", "Malformed"]);
    expect(none).toEqual({ exitCode: 0, stdout: "No dead letter matches in TARGET.\n", stderr: "" });
    expect(await bench.takeDead("offboard")).toEqual(bodies.slice(0, 1));
  });

  it("refuses to guess that all are meant", async () => {
    const runs = await Promise.all([
      bench.run(["dlq", "redrive"]),
      bench.run(["dlq", "redrive", "--all", "--code", "Malformed"]),
    ]);
    expect(runs).toEqual([
      {
        exitCode: 2,
        stdout: "",
        stderr:
          "error: expected ids, a filter such as --pipeline or --code, or --all for every dead letter; nothing was put back\n",
      },
      {
        exitCode: 2,
        stdout: "",
        stderr:
          "error: --all means every dead letter, and cannot be combined with ids or filters; nothing was put back\n",
      },
    ]);
    expect(bench.requests).toEqual([]);
  });
});
