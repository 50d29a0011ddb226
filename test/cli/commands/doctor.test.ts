import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { devAccount } from "../../../dev/service/devAccount.ts";
import type { DynamoFaults } from "../../../packages/aws-local/dynamodb/dynamoFaults.ts";
import { type DynamoServer, startDynamo } from "../../../packages/aws-local/dynamodb/startDynamo.ts";
import { type SqsServer, startSqs } from "../../../packages/aws-local/sqs/startSqs.ts";
import { type StsAnswer, type StsServer, startSts } from "../../../packages/aws-local/sts/startSts.ts";
import {
  type ChimeSimulator,
  startChimeSimulator,
} from "../../../packages/chime-simulator/chimeSimulator.ts";
import { ledgerTables } from "../../ledgerTables.ts";
import { runRollcall } from "../runRollcall.ts";
import { startTakingBus, type TakingBus } from "../takingBus.ts";
import { templateQueues } from "./dlqBench.ts";

const eve = { account: "123456789012", arn: "arn:aws:sts::123456789012:assumed-role/Operator/eve" };
let folder: string;
let servers: [DynamoServer, SqsServer, TakingBus, StsServer, ChimeSimulator];
let answer: StsAnswer = eve;
let ahead = 0;
let faults: DynamoFaults = () => undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-doctor-"));
  servers = await Promise.all([
    startDynamo(
      ledgerTables(),
      devAccount,
      (request) => faults(request),
      () => Date.now() + ahead,
    ),
    startSqs(devAccount),
    startTakingBus(),
    startSts(() => answer),
    startChimeSimulator({ accounts: [{ id: "team", type: "Team", users: 3 }] }),
  ]);
  await servers[1].createQueues(templateQueues(false));
});
beforeEach(async () => {
  answer = eve;
  ahead = 0;
  faults = () => undefined;
  await writeFile(join(folder, "policy.yml"), "accounts: [{ id: team, domains: [team.example] }]\n");
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await rm(folder, { recursive: true });
});

async function doctor(...args: string[]) {
  const [dynamo, sqs, bus, sts, chime] = servers;
  const env = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
    AWS_ENDPOINT_URL_STS: sts.url,
    AWS_ENDPOINT_URL_CHIME: chime.url,
  };
  const { exitCode, stdout } = await runRollcall(["doctor", "--json", ...args], { cwd: folder, env });
  const { ok, checks } = JSON.parse(stdout);
  const states = checks.map(({ check, state }: Record<string, string>) => `${check}: ${state}`);
  const wrong = checks.filter(
    ({ state }: Record<string, string>) => !["ok", "skipped"].includes(state ?? ""),
  );
  return { exitCode, ok, states, wrong };
}

const names = [
  "policy",
  "region",
  "credentials",
  "ledger",
  "ledger queries",
  "ledger indexes",
  "queues",
  "event bus",
  "clock",
  "directory team",
];

describe("rollcall doctor", () => {
  it("finds nothing wrong where nothing is, and changes nothing", async () => {
    expect(await doctor()).toEqual({
      exitCode: 0,
      ok: true,
      states: names.map((name) => `${name}: ok`),
      wrong: [],
    });
  });

  it("tells of a stage that is not there, and what to do about each part", async () => {
    const { exitCode, states, wrong } = await doctor("--stage", "prod");
    expect([exitCode, states.slice(3)]).toEqual([
      1,
      [
        "ledger: failed",
        "ledger queries: skipped",
        "ledger indexes: skipped",
        "queues: failed",
        "event bus: failed",
        "clock: skipped",
        "directory team: ok",
      ],
    ]);
    for (const { remedy } of wrong) expect(remedy).toContain("--stage");
  });

  it("tells one cause once where the credentials are refused", async () => {
    answer = { refuse: "ExpiredToken" };
    const { exitCode, states, wrong } = await doctor();
    expect([exitCode, states.filter((state: string) => state.endsWith("failed"))]).toEqual([
      1,
      ["credentials: failed"],
    ]);
    expect(wrong).toMatchObject([{ remedy: "sign in again, or check AWS_PROFILE" }]);
  });

  it("names the permission that is missing, a clock that is wrong, and a policy that is not valid", async () => {
    faults = ({ operation }) =>
      operation === "Query" ? { kind: "refuse", status: 400, code: "AccessDeniedException" } : undefined;
    ahead = -600_000;
    await writeFile(join(folder, "policy.yml"), "accounts: []\n");
    const { exitCode, wrong } = await doctor();
    expect([exitCode, wrong]).toMatchObject([
      1,
      [
        { check: "policy", state: "failed" },
        { check: "ledger queries", remedy: "grant dynamodb:Query on the table" },
        { check: "ledger indexes", remedy: "grant dynamodb:Query on the table's indexes" },
        {
          check: "clock",
          detail: expect.stringMatching(/^this computer's clock is (9|10) min ahead of DynamoDB's$/),
          remedy: "let the computer set its clock by the network (NTP)",
        },
      ],
    ]);
  });
});
