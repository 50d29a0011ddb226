import { type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";

/** What the ledger's journal says of one event. */
export interface TrailEntry {
  outcome: string;
  code: string | undefined;
  requestId: string | undefined;
  /** Milliseconds since the epoch. */
  settledAt: number;
}

export interface Trail {
  /** By the event's id. */
  entries: Map<string, TrailEntry>;
  /** Decisions that still wait for their day. */
  waiting: number;
}

/** Reads the whole table, by the keys that the items have in DynamoDB. */
export async function readTrail(client: DynamoDBClient, tableNames: readonly string[]): Promise<Trail> {
  const trail: Trail = { entries: new Map(), waiting: 0 };
  for (const TableName of tableNames) {
    for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
      for (const { sk, eventId, outcome, code, requestId, settledAt } of Items) {
        const kind = sk?.S?.split("#")[0];
        if (kind === "pending") trail.waiting += 1;
        if (kind !== "event" || eventId?.S === undefined) continue;
        trail.entries.set(eventId.S, {
          outcome: outcome?.S ?? "",
          code: code?.S,
          requestId: requestId?.S,
          settledAt: Date.parse(settledAt?.S ?? ""),
        });
      }
    }
  }
  return trail;
}
