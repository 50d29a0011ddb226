import { randomUUID } from "node:crypto";
import * as z from "zod";
import { pipelineNames, pipelines } from "../../pipelines.ts";
import {
  followUpKinds,
  heldRules,
  type StoredDecision,
  type StoredHeldDecision,
  type WaitingDecision,
  waitingKind,
} from "../pendingStore.ts";
import { dueIndex, type Item, pendingKey } from "./ledgerTable.ts";
import { numberAttribute, readItem, textAttribute } from "./readItem.ts";

/**
 * The partitions of the index: what waits for its day, by that day, is read once a minute, and must not meet there what
 * is held, by when it was. There are few of either.
 */
export const duePartition = "due";
export const heldPartition = "held";

export function toPendingItem(decision: WaitingDecision): Item {
  const { personId, intent, followUp, eventId, version, because, event } = decision;
  return {
    ...pendingKey(personId, waitingKind(decision)),
    personId: { S: personId },
    intent: { S: intent },
    ...(followUp !== undefined && { followUp: { S: followUp } }),
    eventId: { S: eventId },
    version: { S: version },
    because: { S: because },
    event: { S: event },
    token: { S: randomUUID() },
    ...(decision.because === "held"
      ? {
          accountId: { S: decision.accountId },
          rule: { S: decision.rule },
          ...inIndex(heldPartition, decision.heldAt),
        }
      : inIndex(duePartition, decision.dueAt)),
  };
}

function inIndex(partition: string, at: number): Item {
  return { [dueIndex.partition]: { S: partition }, [dueIndex.sort]: { N: String(at) } };
}

const waiting = z.object({
  personId: textAttribute,
  intent: textAttribute.pipe(z.enum(pipelineNames)),
  eventId: textAttribute,
  version: textAttribute,
  event: textAttribute,
  token: textAttribute,
  [dueIndex.sort]: numberAttribute,
});
const pending = waiting.extend({
  followUp: textAttribute.pipe(z.enum(followUpKinds)).exactOptional(),
  because: textAttribute.pipe(z.enum(["effectiveLater", "notRegistered", "released", "follows"])),
});
const held = waiting.extend({
  because: textAttribute.pipe(z.literal("held")),
  accountId: textAttribute,
  rule: textAttribute.pipe(z.enum(heldRules)),
});

/** Throws for an item that this program did not write, and for one that is held. */
export function fromPendingItem(item: Item): StoredDecision {
  const decision = readItem(pending, item);
  const aspect = decision.followUp === undefined ? pipelines[decision.intent].aspect : "access";
  return { ...decision, aspect };
}

/** Throws for an item that this program did not write, and for one that is not held. */
export function fromHeldItem(item: Item): StoredHeldDecision {
  const { dueAt: heldAt, ...decision } = readItem(held, item);
  return { ...decision, heldAt, aspect: pipelines[decision.intent].aspect };
}

export function isHeldItem({ because }: Item): boolean {
  return because?.S === "held";
}
