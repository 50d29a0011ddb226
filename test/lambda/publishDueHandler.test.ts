import { expect, it, onTestFinished } from "vitest";
import { startCannedServer } from "./startCannedServer.ts";
import { startPackaged } from "./startPackaged.ts";

/** The packaged publishDue, with a DynamoDB that gives this answer to every request. */
async function startPublishDue(status: number, answer: object) {
  const started = await startPackaged("publishDue", {
    environment: {
      AWS_ENDPOINT_URL: await startCannedServer(status, answer),
      POWERTOOLS_SERVICE_NAME: "rollcall-dev",
    },
  });
  onTestFinished(started.close);
  return started;
}

const refused = {
  __type: "com.amazon.coral.validate#ValidationException",
  message: "no such key: person#ada.lovelace@example.com",
};

it("the packaged publishDue says what it published and measures it", async () => {
  const { invoke, logs, metrics } = await startPublishDue(200, { Items: [] });
  expect(await invoke({})).toEqual(null);
  expect(logs).toEqual([
    expect.objectContaining({ level: "INFO", published: 0, unpublished: 0, unreadable: 0 }),
  ]);
  expect(metrics).toEqual([
    expect.objectContaining({
      service: "rollcall-dev",
      DuePublished: 0,
      DueNotPublished: 0,
      LatchClosed: 0,
      PausesInForce: 0,
    }),
  ]);
});

it("the packaged publishDue logs a decision that it cannot read", async () => {
  const Items = [{ pk: { S: "person#P-1" }, sk: { S: "pending#offboard" } }];
  const { invoke, logs, metrics } = await startPublishDue(200, { Items });
  expect(await invoke({})).toEqual(null);
  expect(logs).toEqual([
    expect.objectContaining({
      level: "ERROR",
      message: "a decision that is due cannot be read, and stays in the ledger",
      kind: "pending#offboard",
    }),
    expect.objectContaining({ level: "INFO", published: 0, unpublished: 0, unreadable: 1 }),
    // The safeguard's query gets the same item. The due decisions have been published before.
    expect.objectContaining({
      level: "ERROR",
      message: "a state cannot be read, so the latch-closed alarm has no data",
    }),
  ]);
  expect(metrics).toEqual([expect.objectContaining({ DuePublished: 0, DueNotPublished: 1 })]);
});

it("the packaged publishDue names no person whose decision it cannot read, neither by address nor by id", async () => {
  const Items = [{ pk: { S: "person#P-1042" }, sk: { S: "pending#offboard" } }];
  const { invoke, lines } = await startPublishDue(200, { Items });
  await invoke({});
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.filter((line) => line.includes("P-1042"))).toEqual([]);
});

it("the packaged publishDue fails if the ledger cannot be read, so that Lambda counts an error, and names nobody", async () => {
  const { invoke, logs, lines } = await startPublishDue(400, refused);
  const failure = await invoke({});
  expect(failure).toMatchObject({
    kind: "error",
    errorType: "ValidationException",
    errorMessage: "no such key: p***@example.com",
  });
  expect(logs).toEqual([
    expect.objectContaining({ level: "ERROR", message: "the decisions that are due could not be published" }),
  ]);
  expect(JSON.stringify([failure, lines])).not.toContain("lovelace");
});
