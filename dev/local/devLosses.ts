import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { deadLetterQueues } from "@rollcall/aws-local/stackModel";
import { dynamoHeldDecisions } from "../../src/ledger/dynamo/dynamoHeldDecisions.ts";
import { dynamoPendingStore } from "../../src/ledger/dynamo/dynamoPendingStore.ts";
import { countOf, countPeople } from "../../src/operations/words/plainWords.ts";
import type { DevStack } from "./devStack.ts";

/** Says what ends with the stack, because nothing of it is on a disk. */
export async function describeLosses(stack: DevStack): Promise<string> {
  const { held, waiting } = await countWaiting(stack);
  const losses = [
    ...(held === 0 ? [] : [`${countPeople(held)} held by the safeguard`]),
    ...(waiting === 0 ? [] : [countOf(waiting, "waiting decision")]),
    ...some(await countDeadLetters(stack), "dead letter"),
    ...some(countChangedUsers(stack), "changed user"),
  ];
  return losses.length === 0 ? "It held nothing that is lost." : `Gone with it: ${listText(losses)}.`;
}

function some(count: number, what: string): string[] {
  return count === 0 ? [] : [countOf(count, what)];
}

async function countWaiting({ model, dynamo }: DevStack): Promise<{ held: number; waiting: number }> {
  const counts = { held: 0, waiting: 0 };
  for (const { name: tableName } of model.tables) {
    const table = { dynamo: dynamo.client, tableName };
    for await (const _ of dynamoHeldDecisions(table).list()) counts.held += 1;
    for await (const _ of dynamoPendingStore(table).list()) counts.waiting += 1;
  }
  return counts;
}

async function countDeadLetters({ model, sqs, queueUrl }: DevStack): Promise<number> {
  const counts = await Promise.all(
    deadLetterQueues(model).map(async ({ name }) => {
      const asked = { QueueUrl: queueUrl(name), AttributeNames: ["ApproximateNumberOfMessages" as const] };
      const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand(asked));
      return Number(Attributes.ApproximateNumberOfMessages ?? 0);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

function countChangedUsers({ directories }: DevStack): number {
  const changed = directories.flatMap((directory) =>
    directory.changes().map(({ accountId, address }) => `${accountId} ${address}`),
  );
  return new Set(changed).size;
}

function listText(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}
