import { describe, expect, it, onTestFinished } from "vitest";
import { emptyReport } from "../../packages/aws-local/eventbridge/delivery.ts";
import { noActivity } from "../../packages/aws-local/eventSourceMapping/eventSourceMapping.ts";
import { type MovingParts, waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { aQueue } from "../packages/aws-local/sqs/aQueue.ts";
import { startSqsWorld } from "../packages/aws-local/sqs/sqsWorld.ts";
import { inQuickMotion } from "./inQuickMotion.ts";
import { adaLeft, publish, startTestStack } from "./testStack.ts";

describe("waiting until a stack is idle", () => {
  it("says which queue is not empty in time, and gives way to a signal", async () => {
    const stack = await startTestStack({
      adjust: (model) => {
        const mappings = model.mappings.map((mapping) => ({ ...mapping, enabled: false }));
        return inQuickMotion({ ...model, mappings });
      },
    });
    onTestFinished(stack.close);
    await publish(stack, adaLeft);
    await expect(waitUntilIdle(stack, { limitSeconds: 0 })).rejects.toThrow(
      "Nothing has moved for 0 s, and not everything has ended (rollcall-dev-offboard: 1).",
    );
    const aborted = new AbortController();
    aborted.abort(new Error("enough"));
    await expect(waitUntilIdle(stack, { limitSeconds: 9, signal: aborted.signal })).rejects.toThrow("enough");
  });

  it("looks again when something moved while the queues were being read, however empty they are", async () => {
    const world = await startSqsWorld();
    onTestFinished(world.close);
    const queue = aQueue();
    await world.create(queue);
    // Each look asks twice. In the first a batch ends, in the second one is still at work.
    const activities = [{}, { batches: 1 }, { invocationsRunning: 1 }, { invocationsRunning: 1 }];
    const parts: MovingParts = {
      model: { ...emptyModel, queues: [queue] },
      sqs: world.client,
      queueUrl: () => world.urlOf(queue),
      bus: { idle: async () => undefined, report: emptyReport },
      scheduler: { idle: async () => undefined },
      mappings: [{ activity: () => ({ ...noActivity(), ...(activities.shift() ?? { batches: 1 }) }) }],
    };
    const waits: unknown[] = [];
    await waitUntilIdle(parts, { limitSeconds: 20, onWait: (waiting) => waits.push(waiting) });
    expect(waits).toEqual([[], []]);
  });
});

const emptyModel = {
  queues: [],
  buses: [],
  rules: [],
  functions: [],
  mappings: [],
  tables: [],
  outputs: {},
  notModelled: [],
};
