import { tmpdir } from "node:os";
import { afterAll, beforeAll } from "vitest";
import { devAccount } from "../../../dev/service/devAccount.ts";
import type { DynamoFault } from "../../../packages/aws-local/dynamodb/dynamoFaults.ts";
import { type DynamoServer, startDynamo } from "../../../packages/aws-local/dynamodb/startDynamo.ts";
import { dynamoLedger } from "../../../src/ledger/dynamo/dynamoLedger.ts";
import { dynamoPendingStore } from "../../../src/ledger/dynamo/dynamoPendingStore.ts";
import type { Claim, JournalEntry, Lease } from "../../../src/ledger/ledger.ts";
import {
  claimOf,
  entryOf,
  leaseOf,
  stand,
  start,
  type TestDecision,
  waitingFor,
} from "../../ledger/decisions.ts";
import { ledgerTables } from "../../ledgerTables.ts";
import { runRollcall, withoutTarget } from "../runRollcall.ts";

/** As the template names it for the default stage, which is where the command looks unless told otherwise. */
const tableName = `${devAccount.stackName}-ledger`;

/** One ledger in DynamoDB for all tests of a file, filled by the real adapters, and the real command to read it. */
export function useLedgerBench() {
  let server: DynamoServer;
  let fault: DynamoFault | undefined;
  beforeAll(async () => {
    server = await startDynamo(ledgerTables(), devAccount, () => fault);
  });
  afterAll(() => server.close());
  const table = () => ({ dynamo: server.client, tableName });
  const claim = (told: TestDecision, lease: Lease, other: Partial<Claim> = {}) =>
    dynamoLedger(table()).claim([{ ...claimOf(told), ...other }], lease);
  return {
    claim,
    /** What goes wrong with every request from now on. */
    fail: (next: DynamoFault | undefined) => {
      fault = next;
    },
    /** Lets the decision stand, as the drain does: claimed, written to the journal, concluded. */
    async settle(told: TestDecision, entry: Partial<JournalEntry> = {}, other: Partial<Claim> = {}) {
      const lease = leaseOf("earlier");
      const as = entry.outcome === "rejected" ? "rejected" : "applied";
      const conclusion = stand(told, as);
      await claim(told, lease, other);
      await dynamoLedger(table()).commit(
        [
          {
            ...conclusion,
            claim: { ...conclusion.claim, ...other },
            entry: { ...conclusion.entry, ...entry },
          },
        ],
        lease,
      );
    },
    /** Writes an entry about a decision that was never claimed. */
    record: (told: TestDecision, entry: Pick<JournalEntry, "outcome"> & Partial<JournalEntry>) =>
      dynamoLedger(table()).record([{ ...entryOf(told, entry.outcome), ...entry }]),
    /** Puts the decision off, with an event that names the address, until its day or until its user has registered. */
    putOff(told: TestDecision, dueMinute: number, { email = "ada@example.com", since = "" } = {}) {
      const metadata = { id: told.eventId, ...(since !== "" && { waitingSince: since }) };
      const data = { email, previousEmails: ["old.name@example.com"] };
      const event = JSON.stringify({ "detail-type": "EmployeeLeft", detail: { metadata, data } });
      const because = since === "" ? "effectiveLater" : "notRegistered";
      return dynamoPendingStore(table()).defer([{ ...waitingFor(told, dueMinute, event), because }]);
    },
    /** Runs the command against this ledger. */
    run: async (args: readonly string[]) =>
      withoutTarget(
        await runRollcall(args, { cwd: tmpdir(), env: { AWS_ENDPOINT_URL_DYNAMODB: server.url } }),
      ),
  };
}

/** A day that no clock has come to, in minutes after the tests' time begins. */
export const farDay = (Date.parse("2126-05-14T20:00:00Z") - start) / 60_000;

/** How long it is until then depends on the clock. */
export const withoutDays = (text: string) => text.replaceAll(/\d+ d /g, "? d ");
