import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { devAccount } from "../../dev/service/devAccount.ts";
import { type DynamoServer, startDynamo } from "../../packages/aws-local/dynamodb/startDynamo.ts";
import { type StsServer, startSts } from "../../packages/aws-local/sts/startSts.ts";
import { ledgerTables } from "../ledgerTables.ts";
import { runRollcall } from "./runRollcall.ts";

let dynamo: DynamoServer;
let sts: StsServer;
let folder: string;
beforeAll(async () => {
  dynamo = await startDynamo(ledgerTables(), devAccount);
  sts = await startSts(() => ({ account: "123456789012", arn: "arn:aws:iam::123456789012:user/eve" }));
  folder = await mkdtemp(join(tmpdir(), "rollcall-target-"));
});
afterEach(() => rm(join(folder, ".rollcall.json"), { force: true }));
afterAll(async () => {
  await dynamo.close();
  await sts.close();
  await rm(folder, { recursive: true });
});

/** The first two lines on stderr. */
async function told(args: readonly string[], env: Record<string, string> = {}, file?: string) {
  if (file !== undefined) await writeFile(join(folder, ".rollcall.json"), file);
  const endpoint = { AWS_ENDPOINT_URL_DYNAMODB: dynamo.url };
  const { stderr } = await runRollcall(args, { cwd: folder, env: { ...endpoint, ...env } });
  return stderr.replaceAll(dynamo.url, "URL").split("\n").slice(0, 2);
}

describe("the target of a command", () => {
  it("is told in a first line, and that it is the default", async () => {
    expect(await told(["pending"])).toEqual([
      "Target: stage dev, at URL, us-east-1; by default: name a stage with --stage or ROLLCALL_STAGE",
      "",
    ]);
  });

  it("is the one of the file where nothing else names one, and no default then", async () => {
    const file = '{"stage": "prod"}';
    expect((await told(["pending"], {}, file))[0]).toBe("Target: stage prod, at URL, us-east-1");
    expect((await told(["pending"], { ROLLCALL_STAGE: "test" }, file))[0]).toBe(
      "Target: stage test, at URL, us-east-1",
    );
    expect((await told(["pending", "--stage", "dev"], { ROLLCALL_STAGE: "test" }, file))[0]).toBe(
      "Target: stage dev, at URL, us-east-1",
    );
  });

  it.each(["not JSON", '{"stage": "pr od"}', '{"stage": "prod", "awsAccount": "1"}', '{"stag": "prod"}'])(
    "is nothing where the file is wrong: %s",
    async (file) => {
      expect((await told(["pending"], {}, file))[0]).toBe(
        'error: expected .rollcall.json to hold {"stage": "prod"}, and perhaps "awsAccount" of 12 digits; mend it or remove it',
      );
    },
  );

  it("is another one than the environment or the file expects only on this computer", async () => {
    const env = { ROLLCALL_AWS_ACCOUNT: "210987654321" };
    expect((await told(["pending"], env))[1]).toBe("");
    expect((await told(["pending", "--aws-account", "210987654321"]))[1]).toBe(
      "error: expected the AWS account 210987654321; which account this is, is not known. Sign in to 210987654321, or name another with --aws-account; nothing was done",
    );
  });

  it("is asked for once, of STS where that is named", async () => {
    const before = sts.calls();
    const [line] = await told(["pending"], { AWS_ENDPOINT_URL_STS: sts.url });
    expect([line, sts.calls() - before]).toEqual([
      "Target: stage dev, account 123456789012, us-east-1, at URL; as arn:aws:iam::123456789012:user/eve; by default: name a stage with --stage or ROLLCALL_STAGE",
      1,
    ]);
  });

  it("follows the SDK's variable for all services too", async () => {
    const { stderr } = await runRollcall(["pending"], { cwd: folder, env: { AWS_ENDPOINT_URL: dynamo.url } });
    expect(stderr.split(";")[0]).toBe(`Target: stage dev, at ${dynamo.url}, us-east-1`);
  });
});
