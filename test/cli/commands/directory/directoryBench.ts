import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { devAccount } from "../../../../dev/service/devAccount.ts";
import type { DynamoFaults } from "../../../../packages/aws-local/dynamodb/dynamoFaults.ts";
import { type DynamoServer, startDynamo } from "../../../../packages/aws-local/dynamodb/startDynamo.ts";
import { type SsmServer, startSsm } from "../../../../packages/aws-local/ssm/startSsm.ts";
import { type StsServer, startSts } from "../../../../packages/aws-local/sts/startSts.ts";
import {
  type ChimeSimulator,
  type ChimeSimulatorOptions,
  startChimeSimulator,
} from "../../../../packages/chime-simulator/chimeSimulator.ts";
import { type ScimSimulator, startScimSimulator } from "../../../../packages/scim-simulator/scimSimulator.ts";
import { dynamoHistory } from "../../../../src/ledger/dynamo/dynamoHistory.ts";
import { dynamoLedger } from "../../../../src/ledger/dynamo/dynamoLedger.ts";
import { dynamoOperatorActs } from "../../../../src/ledger/dynamo/operators/dynamoOperatorActs.ts";
import type { OperatorAct } from "../../../../src/ledger/operatorDecisions.ts";
import { claimOf, entryOf, leaseOf, stand } from "../../../ledger/decisions.ts";
import { ledgerTables } from "../../../ledgerTables.ts";
import { runRollcall } from "../../runRollcall.ts";

const tableName = `${devAccount.stackName}-ledger`;
const eve = { account: "123456789012", arn: "arn:aws:sts::123456789012:assumed-role/Operator/eve" };
/** How the journal names whoever runs the bench's commands. */
export const eveOnRecord = `grace (${eve.arn})`;

/** The directories, each test with fresh ones, and the ledger, the caller and the secrets of a whole file. */
export function useDirectoryBench(chimeOptions: () => ChimeSimulatorOptions) {
  let folder: string;
  let chime: ChimeSimulator;
  let scim: ScimSimulator;
  let ssm: SsmServer;
  let sts: StsServer;
  let dynamo: DynamoServer;
  let faultOf: DynamoFaults = () => undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rollcall-user-"));
    [ssm, sts, dynamo] = await Promise.all([
      startSsm({ "/rollcall/acme": "the-token" }),
      startSts(() => eve),
      startDynamo(ledgerTables(), devAccount, (request) => faultOf(request)),
    ]);
  });
  beforeEach(async () => {
    faultOf = () => undefined;
    await Promise.all([chime?.close(), scim?.close()]);
    const emails = [{ value: "ann@acme.example", type: "work", primary: true }];
    const ann = { id: "s-ann", userName: "ann@acme.example", emails };
    [chime, scim] = await Promise.all([
      startChimeSimulator(chimeOptions()),
      startScimSimulator({ tenants: [{ basePath: "/v2", token: "the-token", people: [ann] }] }),
    ]);
    const directory = `{kind: scim, profile: generic, baseUrl: "${scim.url}/v2", secret: /rollcall/acme}`;
    await writeFile(
      join(folder, "policy.yml"),
      `accounts:\n  - {id: team, domains: [team.example]}\n  - {id: acme, domains: [acme.example], directory: ${directory}}\n`,
    );
  });
  afterAll(async () => {
    await Promise.all([chime.close(), scim.close(), ssm.close(), sts.close(), dynamo.close()]);
    await rm(folder, { recursive: true });
  });
  const table = () => ({ dynamo: dynamo.client, tableName });
  const environment = () => ({
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_ENDPOINT_URL_CHIME: chime.url,
    AWS_ENDPOINT_URL_SSM: ssm.url,
    AWS_ENDPOINT_URL_STS: sts.url,
  });
  return {
    chime: () => chime,
    breakLedger: (faults: DynamoFaults) => {
      faultOf = faults;
    },
    folder: () => folder,
    environment,
    /** A decision about somebody that was carried out. */
    async settle(personId: string, email: string) {
      const told = { personId, eventId: `hr-${personId}`, minute: 1, email };
      const lease = leaseOf("earlier");
      const claim = { ...claimOf(told), email };
      await dynamoLedger(table()).claim([claim], lease);
      const entry = { ...entryOf(told, "applied"), accountId: "team" };
      await dynamoLedger(table()).commit([{ ...stand(told, "applied"), claim, entry }], lease);
    },
    actsOf: async (personId: string) =>
      ((await dynamoHistory(table()).ofPerson(personId))?.acts ?? []).map(withoutTimes),
    actsOfAccount: async (accountId: string) =>
      (await dynamoOperatorActs(table()).ofAccount(accountId, 100)).map(withoutTimes),
    file: async (name: string, text: string) => {
      await writeFile(join(folder, name), text);
      return name;
    },
    /** As `grace`, without the first line, which names the target. */
    async run(
      args: readonly string[],
      { stdin = "", env = {} }: { stdin?: string; env?: Record<string, string> } = {},
    ) {
      const run = await runRollcall(args, { cwd: folder, stdin, env: { ...environment(), ...env } });
      return { ...run, stderr: run.stderr.replace(/^Target: .*\n/m, "") };
    },
  };
}

function withoutTimes({ id: _, at: __, requestId: ___, ...act }: OperatorAct) {
  return act;
}

export const signed = ["--because", "a drill", "--by", "grace", "--yes"];
