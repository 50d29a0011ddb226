import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/provisioning/outcome.ts";
import {
  type Lot,
  type LotContext,
  type LotMemory,
  planLots,
  processInLots,
  suspectOftenReceived,
  type UnfinishedLot,
} from "../../src/queue/lots.ts";

const applied: Outcome = { kind: "applied", requestId: undefined };
const later: Outcome = { kind: "retry", code: "Later", reason: "later" };

interface TestMessage {
  messageId: string;
  receiveCount: number;
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);
const received = (messageIds: readonly string[], receiveCount = 2): TestMessage[] =>
  messageIds.map((messageId) => ({ messageId, receiveCount }));
const unfinished = (messageIds: readonly string[], size = messageIds.length): UnfinishedLot => ({
  id: `${messageIds[0]}`,
  messageIds,
  size,
});
const sizes = (lots: readonly Lot<TestMessage>[]) => lots.map(({ messages }) => messages.length);

describe("planLots", () => {
  it("keeps a batch together that nothing is held against", () => {
    expect(planLots(received(ids(3)), [unfinished(["other"])])).toEqual([{ messages: received(ids(3)) }]);
  });

  it("takes a tenth at a time of what ended the function together, after the others", () => {
    const lots = planLots(received(["new", ...ids(1000)]), [unfinished(ids(1000))]);
    expect(sizes(lots)).toEqual([1, ...Array.from({ length: 10 }, () => 100)]);
  });

  it.each([
    { size: 10, lots: [1, 1, 1] },
    { size: 9, lots: [1, 1, 1] },
    { size: 20, lots: [2, 1] },
  ])("takes $lots of three messages of a lot of $size", ({ size, lots }) => {
    expect(sizes(planLots(received(ids(3)), [unfinished(ids(3), size)]))).toEqual(lots);
  });

  it("goes by the smallest lot that a message was in, and puts the most suspicious last", () => {
    const lots = planLots(received(["a", "b", "c"]), [unfinished(["a", "b"], 100), unfinished(["a"], 20)]);
    expect(lots.map(({ messages }) => messages.map(({ messageId }) => messageId))).toEqual([
      ["c"],
      ["b"],
      ["a"],
    ]);
  });

  it("does not process a message any more that ended the function three times alone", () => {
    const alone = unfinished(["a"]);
    expect(planLots(received(["a"]), [alone, alone])).toEqual([{ messages: received(["a"]) }]);
    expect(planLots(received(["a", "b"]), [alone, alone, alone])).toEqual([
      {
        messages: received(["a"]),
        outcome: expect.objectContaining({ kind: "rejected", code: "EndsTheFunction" }),
      },
      { messages: received(["b"]) },
    ]);
  });

  it("has every message in exactly one lot, whatever is unfinished", () => {
    const lot = fc.record({
      id: fc.string(),
      messageIds: fc.subarray(ids(30)),
      size: fc.integer({ min: 1, max: 2000 }),
    });
    fc.assert(
      fc.property(fc.subarray(ids(30)), fc.array(lot), (messageIds, lots) => {
        const planned = planLots(received(messageIds), lots).flatMap(({ messages }) => messages);
        expect(planned.map(({ messageId }) => messageId).toSorted()).toEqual(messageIds.toSorted());
      }),
    );
  });
});

/** A memory, and a function that dies whenever it processes one of the poisonous messages. */
function world(poisonous: readonly string[]) {
  let marks: (UnfinishedLot & { until: number })[] = [];
  let now = 0;
  const memory: LotMemory = {
    unfinished: async (at) => marks.filter(({ until }) => until < at),
    begin: async (lot, until) => void marks.push({ ...lot, until }),
    finish: async ({ id, messageIds }) => {
      marks = marks
        .filter((mark) => mark.id !== id)
        .map((mark) => ({
          ...mark,
          messageIds: mark.messageIds.filter((each) => !messageIds.includes(each)),
        }));
    },
  };
  const deaths: string[][] = [];
  /** One receive of what is left in the queue: what is acknowledged or reported leaves it. */
  const receive = async (queue: readonly TestMessage[], context: Partial<LotContext<TestMessage>> = {}) => {
    now += 100;
    const left = new Set(queue);
    const rejected: string[] = [];
    const lots: number[] = [];
    const outcomes = await processInLots(queue, {
      memory,
      lease: { owner: `invocation-${now}`, now, until: now + 50 },
      hasTime: () => true,
      process: async ({ messages, outcome }) => {
        lots.push(messages.length);
        if (outcome?.kind === "rejected") rejected.push(...messages.map(({ messageId }) => messageId));
        if (outcome !== undefined) return messages.map(() => outcome);
        if (messages.some(({ messageId }) => poisonous.includes(messageId))) {
          deaths.push(messages.map(({ messageId }) => messageId));
          throw new ProcessEnded();
        }
        return messages.map(() => applied);
      },
      acknowledge: async (messages) => {
        for (const message of messages) left.delete(message);
      },
      onFault: (error) => {
        throw error;
      },
      ...context,
    }).catch((error) => {
      if (!(error instanceof ProcessEnded)) throw error;
      return undefined;
    });
    for (const [index, message] of queue.entries())
      if (outcomes !== undefined && outcomes[index]?.kind !== "retry") left.delete(message);
    return {
      left: [...left].map(({ messageId, receiveCount }) => ({ messageId, receiveCount: receiveCount + 1 })),
      rejected,
      lots,
      outcomes,
    };
  };
  return { memory, receive, deaths, marks: () => marks };
}

describe("processInLots", () => {
  it("processes a batch at once, and remembers nothing of messages that come for the first time", async () => {
    const { receive, marks } = world([]);
    const { left, lots } = await receive(received(ids(1000), 1));
    expect({ left, lots, marks: marks() }).toEqual({ left: [], lots: [1000], marks: [] });
  });

  it("processes messages at once that come again because they had an outcome", async () => {
    const { receive, marks } = world([]);
    const { lots } = await receive(received(ids(1000), 30));
    expect({ lots, marks: marks() }).toEqual({ lots: [1000], marks: [] });
  });

  it("rids all neighbours of a message that ends the function by the sixth receive, and then of the message", async () => {
    const poisonous = "m633";
    const { receive, deaths, marks } = world([poisonous]);
    let queue = received(ids(1000), 1);
    const leftAfter: number[] = [];
    const rejected: string[] = [];
    while (queue.length > 0) {
      const received = await receive(queue);
      queue = received.left;
      rejected.push(...received.rejected);
      leftAfter.push(queue.length);
    }
    // The first receive is not remembered; then lots of 1000, 100, 10 and 1.
    expect(leftAfter).toEqual([1000, 1000, 400, 70, 7, 1, 1, 0]);
    expect(deaths.map(({ length }) => length)).toEqual([1000, 1000, 100, 10, 1, 1, 1]);
    expect({ rejected, marks: marks().flatMap(({ messageIds }) => messageIds) }).toEqual({
      rejected: [poisonous],
      marks: deaths.slice(1).map(() => poisonous),
    });
  });

  it("does not take a lot for unfinished that another invocation is at work on", async () => {
    const { receive, memory } = world([]);
    await memory.begin(unfinished(ids(100)), 1_000_000);
    expect((await receive(received(ids(100)))).lots).toEqual([100]);
  });

  it("leaves to the next invocation what it has no time for", async () => {
    const { receive, memory } = world([]);
    await memory.begin(unfinished(["a", "b"], 10), 1);
    const { outcomes } = await receive(received(["a", "b"]), { hasTime: () => false });
    expect(outcomes).toEqual([applied, expect.objectContaining({ kind: "retry", code: "OutOfTime" })]);
  });

  it("acknowledges no message of which a copy in the batch has to come again, and remembers it once", async () => {
    const { receive, memory } = world([]);
    const begun: UnfinishedLot[] = [];
    await memory.begin(unfinished(["other"], 10), 1);
    const acknowledged: string[] = [];
    const twice = received(["twice", "twice", "once"], 3);
    const { outcomes } = await receive([...twice, ...received(["other"])], {
      memory: { ...memory, begin: async (lot) => void begun.push(lot) },
      process: async ({ messages }) =>
        messages.map((message) => (message === twice[0] ? { ...later, code: "DeadLetterNotSent" } : applied)),
      acknowledge: async (messages) => void acknowledged.push(...messages.map(({ messageId }) => messageId)),
    });
    expect({ acknowledged, begun: begun.map(({ messageIds, size }) => [messageIds, size]) }).toEqual({
      acknowledged: ["once"],
      begun: [
        [["twice", "once"], 3],
        [["other"], 1],
      ],
    });
    expect(outcomes?.map(({ kind }) => kind)).toEqual(["retry", "applied", "applied", "applied"]);
  });

  it("holds a fault of the memory against no message: what could not be forgotten is forgotten once all lots are done", async () => {
    const { receive, memory, marks } = world([]);
    const faults: unknown[] = [];
    let fails = true;
    const failing: LotMemory = {
      ...memory,
      finish: async (lot, earlier) => {
        if (lot.messageIds.includes("a") && fails) {
          fails = false;
          throw new Error("throttled");
        }
        await memory.finish(lot, earlier);
      },
    };
    await memory.begin(unfinished(["a", "b"], 10), 1);
    await receive(received(["a", "b"]), { memory: failing, onFault: (error) => faults.push(error) });
    expect([marks().flatMap(({ messageIds }) => messageIds), faults.length]).toEqual([[], 1]);
  });

  it("processes the batch as it is, and tells, where the memory fails", async () => {
    const { receive } = world([]);
    const faults: unknown[] = [];
    const fail = async () => {
      throw new Error("no table");
    };
    const memory = { unfinished: fail, begin: fail, finish: fail };
    const { left, lots } = await receive(received(ids(20)), {
      memory,
      onFault: (error) => faults.push(error),
    });
    expect({ left, lots, faults: faults.length }).toEqual({ left: [], lots: [20], faults: 4 });
  });
});

it("a queue without a memory has what was received often processed alone, after the others", async () => {
  const { receive } = world([]);
  const queue = [...received(ids(2), 4), ...received(["new", "newer"], 3)];
  expect((await receive(queue, { memory: suspectOftenReceived(queue) })).lots).toEqual([2, 1, 1]);
});

/** What a message does that ends the function: nothing after it is done. */
class ProcessEnded extends Error {}
