import { type AttributeValue, paginateScan } from "@aws-sdk/client-dynamodb";
import type { Stack } from "@rollcall/aws-local/stack";
import type { DirectoryUserNow, SimulatedDirectory } from "../../directories/simulatedDirectory.ts";
import type { RunPerson } from "../population.ts";

/** The journal's entry of one event. */
export interface JournalRecord {
  outcome: string;
  code: string | undefined;
  requestId: string | undefined;
  /** When the outcome was known. Milliseconds since the epoch. */
  recordedAt: number;
  /** It waited for its day, or for an operator. */
  waited?: true;
}

export interface JournalTable {
  /** By the event's id. */
  entries: Map<string, JournalRecord>;
  /** How many decisions still wait. */
  waiting: number;
}

/** Reads the ledger's tables by the keys of their items, without the ledger's own code. */
export async function readJournalTable(stack: Tables): Promise<JournalTable> {
  const table: JournalTable = { entries: new Map(), waiting: 0 };
  for await (const { sk, eventId, outcome, code, requestId, settledAt, trail } of readTables(stack)) {
    const kind = sk?.S?.split("#")[0];
    if (kind === "pending") table.waiting += 1;
    if (kind !== "event" || eventId?.S === undefined) continue;
    table.entries.set(eventId.S, {
      outcome: outcome?.S ?? "",
      code: code?.S,
      requestId: requestId?.S,
      recordedAt: Date.parse(settledAt?.S ?? ""),
      ...(hasWaited(trail) && { waited: true }),
    });
  }
  return table;
}

function hasWaited(trail: AttributeValue | undefined): boolean {
  return trail?.L?.some(({ M }) => M?.step?.S === "deferred" || M?.step?.S === "held") === true;
}

export interface Tables {
  dynamo: Pick<Stack["dynamo"], "client">;
  model: { tables: readonly { name: string }[] };
}

/** All items of the stack's tables. */
export async function* readTables({
  dynamo: { client },
  model,
}: Tables): AsyncGenerator<Record<string, AttributeValue>> {
  for (const { name: TableName } of model.tables) {
    const pages = paginateScan({ client }, { TableName, ConsistentRead: true });
    for await (const { Items = [] } of pages) yield* Items;
  }
}

/** The state of a person in the directory, in the terms of a decision: `in`, `out` or `absent`; the name of a license. */
export type DirectoryState = Record<"access" | "license", string>;

/** Reads the current state of all people, by the run's names of them. */
export function readDirectoryStates(
  directoryOf: (accountId: string) => Pick<SimulatedDirectory, "user">,
  people: readonly RunPerson[],
): Map<string, DirectoryState> {
  return new Map(
    people.map(({ personId, accountId, email }) => [
      personId,
      toState(directoryOf(accountId).user(accountId, email)),
    ]),
  );
}

function toState(user: DirectoryUserNow | undefined): DirectoryState {
  return user === undefined
    ? { access: "absent", license: "absent" }
    : { access: accessOf[user.state], license: user.license };
}

const accessOf: Record<DirectoryUserNow["state"], string> = {
  registered: "in",
  invited: "in",
  unregistered: "unregistered",
  suspended: "out",
};
