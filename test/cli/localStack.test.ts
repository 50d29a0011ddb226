import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { devAccount } from "../../dev/service/devAccount.ts";
import { startDynamo } from "../../packages/aws-local/dynamodb/startDynamo.ts";
import { ledgerTables } from "../ledgerTables.ts";
import { runRollcall } from "./runRollcall.ts";

const nowhere = "http://127.0.0.1:1";

async function folderWith(stack: object | undefined): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-local-stack-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, ".rollcall"));
  await mkdir(join(folder, "below"));
  if (stack !== undefined) await writeFile(join(folder, ".rollcall", "dev.json"), JSON.stringify(stack));
  return join(folder, "below");
}

const stackAt = (url: string, pid = process.pid) => ({
  pid,
  startedAt: "2026-05-14T08:00:00Z",
  endpoints: { AWS_ENDPOINT_URL_DYNAMODB: url },
  aheadMilliseconds: 0,
  policy: "policy.yml",
  webhooks: nowhere,
  people: "people.json",
});

it("works on the stack of `rollcall dev` where the stage is local, whatever the environment has for AWS", async () => {
  const dynamo = await startDynamo(ledgerTables("rollcall-local"), devAccount);
  onTestFinished(dynamo.close);
  const cwd = await folderWith(stackAt(dynamo.url));
  const byOption = await runRollcall(["held", "list", "--stage", "local"], { cwd });
  const env = { ROLLCALL_STAGE: "local", AWS_ENDPOINT_URL_DYNAMODB: nowhere };
  const byEnvironment = await runRollcall(["held", "list"], { cwd, env });
  const overridden = await runRollcall(["held", "list", "--endpoint", nowhere], { cwd, env });
  expect([byOption, byEnvironment, overridden].map(({ exitCode }) => exitCode)).toEqual([0, 0, 1]);
  expect(byOption.stderr).toBe("Target: stage local, on this computer\n");
});

it("asks nobody where the stage is local and no stack is up, and says how to start one", async () => {
  const folders = await Promise.all(
    [undefined, stackAt(nowhere, 2 ** 22 + 1), { pid: "x" }].map((stack) => folderWith(stack)),
  );
  const args = ["plan", "roster.csv", "--stage", "local", "--json"];
  const runs = await Promise.all(folders.map((cwd) => runRollcall(args, { cwd })));
  expect(runs.map(({ exitCode, stdout }) => ({ exitCode, ...JSON.parse(stdout).error }))).toEqual(
    [
      expect.stringMatching(/^no stack of the stage local is up: .* start one with rollcall dev/),
      expect.stringMatching(/^the stack of the stage local has ended \(process 4194305, .* start another/),
      expect.stringMatching(/dev\.json is not what rollcall dev writes; remove it$/),
    ].map((message) => ({ exitCode: 2, code: "unreachable", message, next: "rollcall dev" })),
  );
});
