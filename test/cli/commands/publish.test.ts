import { describe, expect, it } from "vitest";
import { leaver, malformedLeaver } from "../../events/eventLines.ts";
import { runRollcall, withoutTarget } from "../runRollcall.ts";
import { leaverIds, leaverLines, usePublishBench, withoutTime } from "./publishBench.ts";

const bench = usePublishBench();

describe("rollcall publish", () => {
  it("sends a file in tens, says so, ends with 0 and leaves no rejected file behind", async () => {
    await bench.write("day.jsonl", leaverLines(23));
    const { exitCode, stdout, stderr } = await bench.publish(["day.jsonl"]);
    expect({ exitCode, stdout: withoutTime(stdout), stderr }).toEqual({
      exitCode: 0,
      stdout: "23 of 23 events published to rollcall-dev in 1 s (TARGET).\n",
      stderr: "",
    });
    expect(await bench.bus().takenIds()).toEqual(leaverIds(23));
    expect(bench.bus().calls.toSorted((a, b) => a - b)).toEqual([3, 10, 10]);
    expect(await bench.files()).toEqual(["day.jsonl"]);
  });

  it("keeps what is not accepted byte for byte, tells why by line, and ends with 1", async () => {
    const bad = [
      Buffer.from(`  ${malformedLeaver("m1")}\r\n`),
      Buffer.from("not JSON\n"),
      Buffer.concat([Buffer.from('{"a": "'), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n')]),
      Buffer.from('{"detail-type": "Gone", "detail": {}}'),
    ] as const;
    const good = Buffer.from(`${leaver("e1")}\n\n`);
    await bench.write("day.jsonl", Buffer.concat([bad[0], good, bad[1], bad[2], bad[3]]));
    const { exitCode, stdout, stderr } = await bench.publish(["day.jsonl"]);
    expect(exitCode).toBe(1);
    expect(withoutTime(stdout)).toBe(
      [
        "1 of 5 events published to rollcall-dev in 1 s (TARGET).",
        "Not accepted: 1 malformed, 3 refused.",
        "They are in day.jsonl.rejected.jsonl: mend them and publish that file.",
        "",
      ].join("\n"),
    );
    expect(stderr.split("\n").map((line) => line.slice(0, 60))).toEqual([
      "line 1: metadata.schemaVersion: expected a supported version",
      "line 4: NotJson: expected a JSON object, complete on this li",
      "line 5: NotUtf8: expected UTF-8; save the file in that encod",
      "line 6: UnknownDetailType: detail-type: expected one of Empl",
      "",
    ]);
    expect(await bench.read("day.jsonl.rejected.jsonl")).toEqual(Buffer.concat(bad));
    expect(await bench.bus().takenIds()).toEqual(["e1"]);
  });

  it("publishes a rejected file again once it is mended, and nothing is sent twice", async () => {
    await bench.write("day.jsonl", `${leaver("e1")}\n${malformedLeaver("e2")}\n`);
    expect((await bench.publish(["day.jsonl"])).exitCode).toBe(1);
    const rejected = (await bench.read("day.jsonl.rejected.jsonl")).toString();
    await bench.write("day.jsonl.rejected.jsonl", rejected.replace(malformedLeaver("e2"), leaver("e2")));
    expect((await bench.publish(["day.jsonl.rejected.jsonl"])).exitCode).toBe(0);
    expect(await bench.bus().takenIds()).toEqual(["e1", "e2"]);
  });

  it("tells programs all of it as one JSON object", async () => {
    await bench.write("day.jsonl", `${leaver("e1")}\n${malformedLeaver("e2")}\nnot JSON\n`);
    const { exitCode, stdout } = await bench.publish(["day.jsonl", "--json", "--rejected", "bad.jsonl"]);
    expect(exitCode).toBe(1);
    expect({ ...JSON.parse(stdout), seconds: 0 }).toEqual({
      target: { stage: "dev", account: null, region: "us-east-1" },
      events: 3,
      accepted: 1,
      malformed: 1,
      refused: 1,
      unsent: 0,
      bus: "rollcall-dev",
      seconds: 0,
      rejectedFile: "bad.jsonl",
      rejected: [
        {
          line: 2,
          status: "malformed",
          reasons: [
            'metadata.schemaVersion: expected a supported version, such as "1.0"; got nothing',
            "metadata.occurredAt: expected a timestamp with seconds and an offset, such as 2026-05-14T17:00:00+02:00; got nothing",
            "data: expected an object; got nothing",
          ],
        },
        { line: 3, status: "refused", reasons: ["NotJson: expected a JSON object, complete on this line"] },
      ],
      rejectedNotListed: 0,
    });
    expect(await bench.files()).toEqual(["bad.jsonl", "day.jsonl"]);
  });

  it("shows the first ten reasons only", async () => {
    await bench.write("day.jsonl", "not JSON\n".repeat(15));
    const { stderr } = await bench.publish(["day.jsonl"]);
    const lines = stderr.trimEnd().split("\n");
    expect([lines.length, lines.at(-1)]).toEqual([11, "… and 5 more lines"]);
  });

  it("reads standard input, and keeps its rejected lines in rejected.jsonl", async () => {
    const { exitCode } = await bench.publish(["-"], `${leaver("e1")}\nnot JSON`);
    expect(exitCode).toBe(1);
    expect((await bench.read("rejected.jsonl")).toString()).toBe("not JSON");
    expect(await bench.bus().takenIds()).toEqual(["e1"]);
  });

  it("never overwrites an earlier rejected file that nobody named", async () => {
    await bench.write("day.jsonl", "not JSON\n");
    await bench.write("day.jsonl.rejected.jsonl", "of yesterday\n");
    const { stdout } = await bench.publish(["day.jsonl"]);
    expect(stdout).toContain("They are in day.jsonl.rejected-2.jsonl");
    expect((await bench.read("day.jsonl.rejected.jsonl")).toString()).toBe("of yesterday\n");
    expect((await bench.read("day.jsonl.rejected-2.jsonl")).toString()).toBe("not JSON\n");
  });

  it("sends malformed events too with --unchecked, but nothing that no rule would match", async () => {
    await bench.write(
      "day.jsonl",
      `${malformedLeaver("m1")}\nnot JSON\n{"detail-type": "Gone", "detail": {}}\n`,
    );
    const { exitCode, stdout } = await bench.publish(["day.jsonl", "--unchecked", "--json"]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 1, malformed: 0, refused: 2 });
    expect(await bench.bus().taken()).toEqual([{ metadata: { id: "m1" } }]);
  });

  it("only checks with --dry-run: no call, no file", async () => {
    await bench.write("day.jsonl", `${leaver("e1")}\n${malformedLeaver("m1")}\n`);
    const { exitCode, stdout } = await bench.publish(["day.jsonl", "--dry-run"]);
    expect([exitCode, stdout]).toEqual([
      1,
      "1 of 2 events may be sent. Nothing was.\nNot acceptable: 1 malformed.\n",
    ]);
    expect((await bench.publish(["day.jsonl", "--dry-run", "--unchecked"])).exitCode).toBe(0);
    expect(bench.bus().calls).toEqual([]);
    expect(await bench.files()).toEqual(["day.jsonl"]);
  });

  it("takes the bus and the endpoint from the environment as well", async () => {
    await bench.write("day.jsonl", leaverLines(1));
    const env = { ROLLCALL_BUS: "other", AWS_ENDPOINT_URL_EVENTBRIDGE: bench.bus().url };
    const run = await runRollcall(["publish", "day.jsonl"], { cwd: bench.folder(), env });
    const { exitCode, stdout } = withoutTarget(run);
    expect([exitCode, withoutTime(stdout)]).toEqual([
      0,
      "1 of 1 event published to other in 1 s (TARGET).\n",
    ]);
    expect(bench.bus().report()).toMatchObject({ accepted: 1, unmatched: 1 });
  });
});
