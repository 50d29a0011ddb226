import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Mappings, startMappings, until } from "./startMappings.ts";

let mappings: Mappings;

beforeAll(async () => {
  mappings = await startMappings();
});

afterAll(() => mappings.close());

const failures = (...entries: unknown[]) => JSON.stringify({ batchItemFailures: entries });
const all = ["bad", "good 1", "good 2"];

describe.concurrent("the queue after a function, in a process, that answers with", () => {
  it.concurrent.each([
    ["an empty list", failures(), true, "succeeded", []],
    ["a null list", '{"batchItemFailures":null}', true, "succeeded", []],
    ["an empty response", "{}", true, "succeeded", []],
    ["a null response", "null", true, "succeeded", []],
    ["no response", "", true, "succeeded", []],
    ["one reported message", "report the bad ones", true, "partial", ["bad"]],
    ["an empty identifier", failures({ itemIdentifier: "" }), true, "no identifier", all],
    ["a null identifier", failures({ itemIdentifier: null }), true, "no identifier", all],
    ["a wrong key", failures({ id: "x" }), true, "no identifier", all],
    ["an unknown message", failures({ itemIdentifier: "x" }), true, "unknown identifier", all],
    ["a text", '"done"', true, "no batch response", all],
    ["an error", "throw", true, "error", all],
    ["a crash", "exit", true, "crashed", all],
    ["a timeout", "hang", true, "timeout", all],
    ["a response that nobody reads", "report the bad ones", false, "response ignored", []],
    ["an error, without item failures", "throw", false, "error", all],
  ])("%s", async (_title, behaviour, reportsBatchItemFailures, reason, expected) => {
    const { queues, functionThat, map, makeVisible } = mappings;
    const queueUrl = await queues.create({ VisibilityTimeout: "600" });
    await queues.send(queueUrl, all);
    const lambda = functionThat(behaviour, behaviour === "hang" ? { timeoutSeconds: 1 } : {});
    const mapping = await map({ queueUrl, lambda, reportsBatchItemFailures });
    await until(() => mapping.activity().records >= all.length);
    await mapping.close();
    const { deleted, retried, batchesByReason, messagesInHand, invocationsRunning } = mapping.activity();
    // The two pollers may have shared the messages: then the other's batch had no bad one.
    const reasons = Object.keys(batchesByReason).filter((one) => one !== "succeeded");
    expect({ deleted, retried, reasons, messagesInHand, invocationsRunning }).toEqual({
      deleted: all.length - expected.length,
      retried: expected.length,
      reasons: reason === "succeeded" ? [] : [reason],
      messagesInHand: 0,
      invocationsRunning: 0,
    });
    // A poll that was open at the closing would still take what becomes visible within its second.
    await sleep(1500);
    await makeVisible(queueUrl);
    expect({
      becameVisible: await queues.receiveBodies(queueUrl, expected.length),
      left: await queues.count(queueUrl),
    }).toEqual({ becameVisible: expected, left: expected.length });
  });
});
