import { tmpdir } from "node:os";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type StsAnswer, type StsServer, startSts } from "../../../packages/aws-local/sts/startSts.ts";
import { runRollcall } from "../runRollcall.ts";
import { useHeldBench } from "./heldBench.ts";

const bench = useHeldBench();
const eve = { account: "123456789012", arn: "arn:aws:sts::123456789012:assumed-role/Operator/eve" };
let answer: StsAnswer = eve;
let sts: StsServer;
beforeAll(async () => {
  sts = await startSts(() => answer);
});
beforeEach(() => {
  answer = eve;
});
afterAll(() => sts.close());

const release = ["held", "release", "--all", "--because", "HR confirms it", "--by", "grace", "--yes"];
const run = (args: readonly string[], more: Record<string, string> = {}) =>
  runRollcall(args, {
    cwd: tmpdir(),
    env: { ...bench.environment(), AWS_ENDPOINT_URL_STS: sts.url, ...more },
  });

describe("who acts", () => {
  it("is the caller that AWS knows, in the journal beside the name that was typed", async () => {
    await bench.hold([{ personId: "P-1" }]);
    const { exitCode } = await run(release);
    expect([exitCode, await bench.journalOf("P-1")]).toEqual([
      0,
      [{ eventId: "hr-P-1", outcome: "held", by: `grace (${eve.arn})`, note: "HR confirms it" }],
    ]);
  });

  it("is told with the target in a first line on stderr, and in the result", async () => {
    await bench.hold([{ personId: "P-1" }]);
    const { stdout, stderr } = await run([...release, "--table", "rollcall-dev-ledger"]);
    expect(stderr.split("\n")[0]).toMatch(
      /^Target: stage dev, account 123456789012, us-east-1, at http:\S+; as arn:aws:sts::123456789012:assumed-role\/Operator\/eve$/,
    );
    expect(stdout).toContain("stage dev, account 123456789012, us-east-1");
  });

  it("must be known to whoever changes something", async () => {
    await bench.hold([{ personId: "P-1" }]);
    answer = { refuse: "InvalidClientTokenId" };
    const [changing, reading] = [await run(release), await run(["held", "list"])];
    expect([changing.exitCode, reading.exitCode]).toEqual([1, 0]);
    expect(changing.stderr).toContain("AWS does not accept the credentials (InvalidClientTokenId)");
    expect((await bench.journalOf("P-1")).map(({ by }) => by)).toEqual([undefined]);
  });
});

describe("the emergency stop", () => {
  it("begins and ends although AWS does not say who calls", async () => {
    answer = { refuse: "InvalidClientTokenId" };
    const runs = [];
    for (const args of [
      ["pause", "--because", "the feed is wrong"],
      ["resume", "--all"],
      ["resume", "--all"],
    ]) {
      const { exitCode, stdout } = await run(args);
      runs.push([exitCode, stdout.split(" ").slice(0, 2).join(" ")]);
    }
    expect(runs).toEqual([
      [0, "Paused in"],
      [0, "Resumed in"],
      [1, "Nothing was"],
    ]);
  });
});

describe("an account that was asked for", () => {
  it("is the only one on which anything is done", async () => {
    await bench.hold([{ personId: "P-1" }]);
    const { exitCode, stderr } = await run([...release, "--aws-account", "210987654321"]);
    expect([exitCode, stderr.split("\n").at(-2)]).toEqual([
      2,
      "error: expected the AWS account 210987654321; this is 123456789012. Sign in to 210987654321, or name another with --aws-account; nothing was done",
    ]);
    expect(await bench.due()).toEqual([]);
  });

  it("stands in every hint, so that other credentials do nothing with it", async () => {
    await bench.hold([{ personId: "P-1" }]);
    const { stdout } = await run(["held", "list"]);
    expect(stdout).toContain("held release --stage dev --region us-east-1 --aws-account 123456789012 ");
  });
});
