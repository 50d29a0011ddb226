import { tmpdir } from "node:os";
import { afterAll, beforeEach } from "vitest";
import { devAccount } from "../../../dev/service/devAccount.ts";
import type { DynamoFaults } from "../../../packages/aws-local/dynamodb/dynamoFaults.ts";
import { type DynamoServer, startDynamo } from "../../../packages/aws-local/dynamodb/startDynamo.ts";
import { dynamoHistory } from "../../../src/ledger/dynamo/dynamoHistory.ts";
import { dynamoLedger } from "../../../src/ledger/dynamo/dynamoLedger.ts";
import { dynamoPendingStore } from "../../../src/ledger/dynamo/dynamoPendingStore.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import type { HeldRule, PendingStore } from "../../../src/ledger/pendingStore.ts";
import { dynamoSafeguardStore } from "../../../src/safeguard/dynamo/dynamoSafeguardStore.ts";
import type { SafeguardState } from "../../../src/safeguard/safeguardState.ts";
import { collect } from "../../events/collect.ts";
import { claimOf, entryOf, leaseOf, type TestDecision } from "../../ledger/decisions.ts";
import { ledgerTables } from "../../ledgerTables.ts";
import { runRollcall, startRollcall, withoutTarget } from "../runRollcall.ts";

const tableName = `${devAccount.stackName}-ledger`;
export const hour = 3_600_000;

/** Somebody whom the safeguard holds. */
export interface HeldPerson {
  personId: string;
  eventId?: string;
  accountId?: string;
  rule?: HeldRule;
  /** What the event says of the person. */
  attributes?: Record<string, string>;
  agoMilliseconds?: number;
  /** It waits beside an earlier one of the same person. */
  hasOwnPlace?: true;
}

/** An empty ledger in DynamoDB for each test, and the real command to work on it. */
export function useHeldBench() {
  let server: DynamoServer | undefined;
  let faults: DynamoFaults = () => undefined;
  beforeEach(async () => {
    await server?.close();
    faults = () => undefined;
    server = await startDynamo(ledgerTables(), devAccount, (request) => faults(request));
  });
  afterAll(() => server?.close());
  const running = () => {
    if (server === undefined) throw new Error("expected a server; no test has begun");
    return server;
  };
  const table = () => ({ dynamo: running().client, tableName });
  const environment = () => ({ AWS_ENDPOINT_URL_DYNAMODB: running().url });
  return {
    endpoint: () => ({ table: tableName, endpoint: running().url }),
    /** What goes wrong from now on. */
    fail: (next: DynamoFaults) => {
      faults = next;
    },
    hold: (people: readonly HeldPerson[]) =>
      holdIn({ ledger: dynamoLedger(table()), pending: dynamoPendingStore(table()) }, people),
    /** An invocation takes up a copy of the person's event, and has an hour for it. */
    async actOn(person: HeldPerson) {
      const now = Date.now();
      await dynamoLedger(table()).claim([claimOf(toTold(person))], { owner: "copy", now, until: now + hour });
    },
    setState: (accountId: string, state: SafeguardState) =>
      dynamoSafeguardStore(table()).update(accountId, () => ({ state, answer: undefined })),
    states: async () => Object.fromEntries((await dynamoSafeguardStore(table()).list()).map(toPair)),
    /** Who waits to be published. */
    due: async () =>
      (await collect(dynamoPendingStore(table()).list())).map(({ personId, because }) => [personId, because]),
    journalOf: async (personId: string) =>
      ((await dynamoHistory(table()).ofPerson(personId))?.entries ?? []).map(
        ({ eventId, outcome, by, note }) => ({ eventId, outcome, by, note }),
      ),
    run: async (args: readonly string[], cwd = tmpdir()) =>
      withoutTarget(await runRollcall(args, { cwd, env: environment() })),
    environment,
    start: (args: readonly string[]) => startRollcall(args, tmpdir(), environment()),
  };
}

/** As the drain does it: claims, holds, and lets go with an entry. */
export async function holdIn(
  { ledger, pending }: { ledger: Pick<Ledger, "claim" | "commit">; pending: Pick<PendingStore, "defer"> },
  people: readonly HeldPerson[],
): Promise<void> {
  const lease = leaseOf("earlier");
  const told = people.map(toTold);
  await ledger.claim(told.map(claimOf), lease);
  await pending.defer(people.map(toHeld));
  await ledger.commit(
    told.map((each) => ({ kind: "release", claim: claimOf(each), entry: entryOf(each, "held") })),
    lease,
  );
}

const toPair = ({ accountId, state }: { accountId: string; state: SafeguardState }) =>
  [accountId, state] as const;

function toTold({ personId, eventId = `hr-${personId}` }: HeldPerson): TestDecision {
  return { personId, eventId, minute: 1 };
}

function toHeld(person: HeldPerson) {
  const {
    accountId = "team-0001",
    rule = "SuspensionLimit",
    agoMilliseconds = 3 * hour,
    attributes,
    hasOwnPlace,
  } = person;
  const told = toTold(person);
  const { email: _, ...decision } = claimOf(told);
  const metadata = { id: told.eventId };
  const email = `${person.personId.toLowerCase()}@example.com`;
  const data = { personId: person.personId, email, ...(attributes !== undefined && { attributes }) };
  const event = JSON.stringify({ "detail-type": "EmployeeLeft", detail: { metadata, data } });
  const heldAt = Date.now() - agoMilliseconds;
  return {
    ...decision,
    intent: "offboard",
    because: "held",
    accountId,
    rule,
    heldAt,
    event,
    ...(hasOwnPlace !== undefined && { hasOwnPlace }),
  } as const;
}

/** How long ago something was depends on the clock, and so does when. */
export const withoutTimes = (text: string) => text.replaceAll(/20\d\d-\S+Z/g, "TIME");
