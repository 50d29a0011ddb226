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
    const { queues, functionThat, map } = mappings;
    const queueUrl = await queues.create({ VisibilityTimeout: "2" });
    await queues.send(queueUrl, all);
    const mapping = await map({ queueUrl, lambda: functionThat(behaviour), reportsBatchItemFailures });
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
    expect({
      becameVisible: await queues.receiveBodies(queueUrl, expected.length),
      left: await queues.count(queueUrl),
    }).toEqual({ becameVisible: expected, left: expected.length });
  });
});
