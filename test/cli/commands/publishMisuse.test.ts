import { describe, expect, it } from "vitest";
import { runRollcall, withoutTarget } from "../runRollcall.ts";
import { leaverLines, usePublishBench } from "./publishBench.ts";

const bench = usePublishBench();

describe("rollcall publish, called wrongly", () => {
  const run = async (args: readonly string[]) =>
    withoutTarget(await runRollcall(args, { cwd: bench.folder() }));

  it("ends with 2 and names what is wrong", async () => {
    await bench.write("day.jsonl", leaverLines(1));
    const endpoint = ["--endpoint", bench.bus().url];
    const cases = [
      [["publish", "nope.jsonl", ...endpoint], "error: cannot read nope.jsonl: no such file or directory\n"],
      [["publish", ".", ...endpoint], "error: . is a folder; name a file of JSON lines\n"],
      [
        ["publish", "day.jsonl", "--dry-runn"],
        "error: unknown option '--dry-runn'\n(Did you mean --dry-run?)\nTry rollcall publish --help.\n",
      ],
      [["publish"], "error: missing required argument 'file'\nTry rollcall publish --help.\n"],
      [["publihs"], "error: unknown command 'publihs'\n(Did you mean publish?)\nTry rollcall --help.\n"],
      [
        ["publish", "day.jsonl", "--endpoint", "here"],
        "error: option '--endpoint <url>' argument 'here' is invalid. Expected a URL such as http://127.0.0.1:4010.\nTry rollcall publish --help.\n",
      ],
      [
        ["publish", "day.jsonl", "--region", "eu central 1"],
        "error: option '--region <name>' argument 'eu central 1' is invalid. Expected a region such as eu-central-1.\nTry rollcall publish --help.\n",
      ],
      [
        ["publish", "day.jsonl"],
        "error: no AWS region is configured; name one with --region or AWS_REGION\n",
      ],
      [
        ["publish", "day.jsonl", ...endpoint, "--rejected", "./day.jsonl"],
        "error: --rejected names the input itself, day.jsonl; name another file\n",
      ],
      [
        ["publish", "day.jsonl", ...endpoint, "--rejected", "no/where"],
        "error: cannot write no/where: no such file or directory; name another file with --rejected\n",
      ],
    ] as const;
    const runs = await Promise.all(cases.map(([args]) => run(args)));
    expect(runs).toEqual(cases.map(([, stderr]) => ({ exitCode: 2, stdout: "", stderr })));
    expect(bench.bus().calls).toEqual([]);
    expect((await bench.read("day.jsonl")).toString()).toBe(leaverLines(1));
  });

  it("shows examples with --help and ends with 0", async () => {
    const { exitCode, stdout } = await run(["publish", "--help"]);
    expect([exitCode, stdout.includes("rollcall publish events/sample-day.jsonl --dry-run")]).toEqual([
      0,
      true,
    ]);
  });
});
