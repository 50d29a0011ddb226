import { tmpdir } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { runRollcall, withoutTarget } from "../runRollcall.ts";
import { useLedgerBench } from "./ledgerBench.ts";

const bench = useLedgerBench();
afterEach(() => bench.fail(undefined));

describe("rollcall history and pending, when the ledger cannot be read,", () => {
  it("say that there is no such table", async () => {
    const { exitCode, stdout, stderr } = await bench.run(["pending", "--table", "no-such-ledger"]);
    expect({ exitCode, stdout, stderr: stderr.replace(/http:[^;]+/, "URL") }).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "error: there is no table no-such-ledger at URL; name another with --stage or --table, or another --region\n",
    });
  });

  it("say that it is throttled, after some tries", async () => {
    bench.fail({ kind: "refuse", status: 400, code: "ProvisionedThroughputExceededException" });
    expect(await bench.run(["history", "P-1"])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "error: DynamoDB throttles the requests to rollcall-dev-ledger (ProvisionedThroughputExceededException); try again in a minute\n",
    });
  });

  it("say what is missing to reach AWS at all", async () => {
    const region = ["--region", "eu-central-1"];
    const run = async (args: readonly string[], env = {}) =>
      withoutTarget(await runRollcall(args, { cwd: tmpdir(), env }));
    const runs = await Promise.all([
      run(["pending"]),
      run(["pending"], { AWS_REGION: "eu central 1" }),
      run(["pending", ...region]),
      run(["pending", ...region, "--endpoint", "http://127.0.0.1:1"]),
    ]);
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
      [2, "error: no AWS region is configured; name one with --region or AWS_REGION\n"],
      [
        2,
        'error: the AWS region that is configured cannot be used (Region not accepted: region="eu central 1" is not a valid hostname component.); name another with --region or AWS_REGION\n',
      ],
      [
        1,
        "error: there are no AWS credentials to use (Could not load credentials from any providers); sign in, set AWS_PROFILE, or name a local --endpoint\n",
      ],
      [
        1,
        "error: DynamoDB cannot be reached at http://127.0.0.1:1 (ECONNREFUSED); check the network, or name another --endpoint\n",
      ],
    ]);
  });
});
