import { dynamoPendingStore } from "../../ledger/dynamo/dynamoPendingStore.ts";
import type { StoredDecision } from "../../ledger/pendingStore.ts";
import type { Stack } from "../stack/stack.ts";
import type { Waiting } from "./dayReport.ts";

/** What is put off in the stack's ledger, by the reason why it waits. */
export async function readWaiting({ dynamo, model }: Stack): Promise<Waiting[]> {
  const waiting = new Map<Waiting["because"], Waiting>();
  for (const { name: tableName } of model.tables) {
    const store = dynamoPendingStore({ dynamo: dynamo.client, tableName });
    for await (const decision of store.list()) waiting.set(decision.because, add(decision, waiting));
  }
  return [...waiting.values()];
}

/** The list begins with what is due first. */
function add({ because, dueAt }: StoredDecision, waiting: ReadonlyMap<Waiting["because"], Waiting>): Waiting {
  const { count, nextAt } = waiting.get(because) ?? { count: 0, nextAt: new Date(dueAt).toISOString() };
  return { because, count: count + 1, nextAt };
}
