import { dynamoPendingStore } from "../../ledger/dynamo/dynamoPendingStore.ts";
import type { Stack } from "../stack/stack.ts";

/** Whether something waits in the stack's ledger that the next run of the schedule will publish. */
export async function isAnythingDue({ dynamo, model }: Pick<Stack, "dynamo" | "model">): Promise<boolean> {
  for (const { name: tableName } of model.tables) {
    const store = dynamoPendingStore({ dynamo: dynamo.client, tableName });
    for await (const _ of store.list(Date.now())) return true;
  }
  return false;
}
