import { randomUUID } from "node:crypto";
import * as z from "zod";
import { pipelineNames, pipelines } from "../../pipelines.ts";
import type { PendingDecision, StoredDecision } from "../pendingStore.ts";
import { dueIndex, type Item, pendingKey } from "./ledgerTable.ts";

/** All waiting decisions lie in one partition of the index: there are few, and they are read once a minute. */
export const duePartition = "due";

export function toPendingItem(decision: PendingDecision): Item {
  const { personId, intent, eventId, version, dueAt, because, event } = decision;
  return {
    ...pendingKey(personId, intent),
    personId: { S: personId },
    intent: { S: intent },
    eventId: { S: eventId },
    version: { S: version },
    because: { S: because },
    event: { S: event },
    token: { S: randomUUID() },
    [dueIndex.partition]: { S: duePartition },
    [dueIndex.sort]: { N: String(dueAt) },
  };
}

const text = z.object({ S: z.string() }).transform(({ S }) => S);
const schema = z.object({
  personId: text,
  intent: text.pipe(z.enum(pipelineNames)),
  eventId: text,
  version: text,
  because: text.pipe(z.enum(["effectiveLater", "notRegistered"])),
  event: text,
  token: text,
  dueAt: z.object({ N: z.string() }).transform(({ N }) => Number(N)),
});

/** Throws for an item that this program did not write. */
export function fromPendingItem(item: Item): StoredDecision {
  const decision = schema.parse(item);
  return { ...decision, aspect: pipelines[decision.intent].aspect };
}
