import { type Outcome, withoutOutcome } from "../provisioning/outcome.ts";
import { isDone, type QueueMessage } from "./batchResponse.ts";

/** Messages that an invocation took in hand together. It ended without an outcome for them, or is still at work. */
export interface UnfinishedLot {
  /** Sorts by time. */
  id: string;
  /** Of those whose outcome is still unknown. */
  messageIds: readonly string[];
  /** How many messages were processed together. */
  size: number;
}

/** The port to the memory of lots that were begun and not finished. */
export interface LotMemory {
  /** Those whose invocation must have ended by now (milliseconds since the epoch), the latest first, up to some hundred. */
  unfinished(now: number): Promise<UnfinishedLot[]>;
  /** @param until when its invocation must have ended, in milliseconds since the epoch */
  begin(lot: UnfinishedLot, until: number): Promise<void>;
  /** Forgets the lot, and its messages in the `earlier` ones: they have an outcome now. */
  finish(lot: UnfinishedLot, earlier: readonly UnfinishedLot[]): Promise<void>;
}

/** Messages to process together. With an `outcome` they are not processed, because it is clear already. */
export interface Lot<Message> {
  messages: readonly Message[];
  outcome?: Outcome;
}

/** Each time that a message is met in an unfinished lot, it is processed with a tenth of the company it had there. */
const parts = 10;
/** Once may be chance: somebody killed the process, or it ran out of time. */
const timesAlone = 3;

/**
 * Splits a batch by what earlier invocations never finished. Messages that nothing is held against come first and together;
 * then lots that get smaller and smaller, so that whatever ends the function takes fewer and fewer along. A message that ended it
 * several times alone comes first, because it is not processed any more.
 */
export function planLots<Message extends Pick<QueueMessage, "messageId">>(
  messages: readonly Message[],
  unfinished: readonly UnfinishedLot[],
): Lot<Message>[] {
  const records = recordsOf(unfinished);
  const poisonous: Message[] = [];
  const bySize = new Map<number, Message[]>();
  for (const message of messages) {
    const { smallest = Number.POSITIVE_INFINITY, alone = 0 } = records.get(message.messageId) ?? {};
    if (alone >= timesAlone) poisonous.push(message);
    else bySize.set(smallest, [...(bySize.get(smallest) ?? []), message]);
  }
  const lots = [...bySize]
    .toSorted(([one], [other]) => other - one)
    .flatMap(([smallest, company]) => split(company, Math.max(1, Math.floor(smallest / parts))));
  return [...(poisonous.length > 0 ? [{ messages: poisonous, outcome: endsTheFunction }] : []), ...lots];
}

interface Suspicion {
  /** The size of the smallest unfinished lot with the message. */
  smallest: number;
  /** How many unfinished lots held nothing but the message. */
  alone: number;
}

function recordsOf(unfinished: readonly UnfinishedLot[]): Map<string, Suspicion> {
  const records = new Map<string, Suspicion>();
  for (const { messageIds, size } of unfinished)
    for (const messageId of messageIds) {
      const { smallest, alone } = records.get(messageId) ?? { smallest: size, alone: 0 };
      records.set(messageId, {
        smallest: Math.min(smallest, size),
        alone: alone + Number(size === 1),
      });
    }
  return records;
}

function split<Message>(messages: readonly Message[], size: number): Lot<Message>[] {
  if (messages.length <= size) return [{ messages }];
  return Array.from({ length: Math.ceil(messages.length / size) }, (_, index) => ({
    messages: messages.slice(index * size, (index + 1) * size),
  }));
}

const endsTheFunction: Outcome = {
  kind: "rejected",
  code: "EndsTheFunction",
  reason: `the function ended without an outcome each of the ${timesAlone} times that it processed this message alone: it crashed, or ran out of time or memory. Look at the function's log, then redrive the message`,
};

const outOfTime: Outcome = {
  kind: "retry",
  code: "OutOfTime",
  reason: "the invocation's time was used up before the message was processed",
  atMostSeconds: 60,
};

/** A message that was received more often met a crash, or an outage. */
const oftenReceived = 3;

/**
 * The memory of a queue whose messages cost no more one by one than together. Nothing is remembered: whatever has come often is
 * processed alone, after the others.
 */
export function suspectOftenReceived(
  messages: readonly Pick<QueueMessage, "messageId" | "receiveCount">[],
): LotMemory {
  const often = messages.filter(({ receiveCount }) => receiveCount > oftenReceived);
  return {
    unfinished: async () => often.map(({ messageId: id }) => ({ id, messageIds: [id], size: parts })),
    begin: async () => undefined,
    finish: async () => undefined,
  };
}

export interface LotContext<Message> {
  memory: LotMemory;
  /** Names the invocation, and says when it must have ended. Milliseconds since the epoch. */
  lease: { owner: string; now: number; until: number };
  hasTime: () => boolean;
  /** Processes a lot and finishes its messages, but for those to acknowledge. One outcome for each, in their order. */
  process: (lot: Lot<Message>) => Promise<readonly Outcome[]>;
  /** Deletes messages from their queue, in case the invocation ends before it can report them. */
  acknowledge: (messages: readonly Message[]) => Promise<void>;
  /** Called with each fault of the memory. The batch is processed all the same. */
  onFault: (error: unknown) => void;
}

/**
 * Processes a batch in lots, one after the other: one lot, unless an earlier invocation ended without an outcome for some of its
 * messages. What is done is acknowledged before the next lot begins. Messages that come for the first time are not remembered, so
 * the memory costs nothing where nothing fails.
 */
export async function processInLots<Message extends Pick<QueueMessage, "messageId" | "receiveCount">>(
  messages: readonly Message[],
  context: LotContext<Message>,
): Promise<Outcome[]> {
  const { memory, lease, onFault } = context;
  const tell = (error: unknown) => {
    onFault(error);
    return undefined;
  };
  const comeAgain = messages.some(isKnown);
  const earlier = (comeAgain ? await memory.unfinished(lease.now).catch(tell) : undefined) ?? [];
  const lots = planLots(messages, earlier);
  if (lots.length === 0) lots.push({ messages });
  const outcomes = new Map<Message, Outcome>();
  const notForgotten: UnfinishedLot[] = [];
  const endsAt = new Date(lease.until).toISOString();
  for (const [index, planned] of lots.entries()) {
    const lot = index === 0 || context.hasTime() ? planned : { ...planned, outcome: outOfTime };
    const mark = {
      id: `${endsAt}#${lease.owner}#${index}`,
      // A batch may hold a message twice.
      messageIds: [...new Set(lot.messages.filter(isKnown).map(({ messageId }) => messageId))],
      size: lot.messages.length,
    };
    const isRemembered = lot.outcome === undefined && mark.messageIds.length > 0;
    if (isRemembered) await memory.begin(mark, lease.until).catch(tell);
    const ended = await context.process(lot);
    for (const [position, message] of lot.messages.entries()) {
      const outcome = ended[position];
      if (outcome !== undefined) outcomes.set(message, outcome);
    }
    if (isRemembered)
      await memory.finish(mark, earlier).catch((error: unknown) => {
        notForgotten.push(mark);
        tell(error);
      });
    if (index < lots.length - 1) {
      // Whoever deletes one copy of a message deletes it for good, whatever has become of the other.
      const unfinished = messages.filter((message) => !isDone(outcomes.get(message) ?? withoutOutcome));
      const comingAgain = new Set(unfinished.map(({ messageId }) => messageId));
      await context.acknowledge(lot.messages.filter(({ messageId }) => !comingAgain.has(messageId)));
    }
  }
  // What stays on record counts as one more end of the function.
  for (const mark of notForgotten) await memory.finish(mark, earlier).catch(tell);
  return messages.map((message) => outcomes.get(message) ?? withoutOutcome);
}

/** Whether an invocation had the message in hand before. */
const isKnown = ({ receiveCount }: Pick<QueueMessage, "receiveCount">) => receiveCount > 1;
