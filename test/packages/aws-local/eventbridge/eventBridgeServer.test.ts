import { once } from "node:events";
import { connect } from "node:net";
import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Delivery } from "../../../../packages/aws-local/eventbridge/delivery.ts";
import {
  type EventBridgeServer,
  startEventBridge,
} from "../../../../packages/aws-local/eventbridge/eventBridgeServer.ts";
import type { BusFaults, BusRule } from "../../../../packages/aws-local/eventbridge/eventModel.ts";
import { maximumRequestBytes } from "../../../../packages/aws-local/eventbridge/putEvents.ts";
import { credentials } from "./localQueues.ts";

const leavers: BusRule = {
  name: "leavers",
  arn: "arn:rule/leavers",
  busName: "hr",
  enabled: true,
  pattern: { source: ["rollcall"], "detail-type": ["EmployeeLeft"] },
  targets: [{ id: "queue", arn: "arn:queue", deadLetterArn: "arn:dlq" }],
};
const everything: BusRule = {
  ...leavers,
  name: "all",
  arn: "arn:rule/all",
  pattern: { source: [{ exists: true }] },
  targets: [{ id: "audit", arn: "arn:audit" }],
};
const disabled: BusRule = {
  ...everything,
  name: "off",
  enabled: false,
  targets: [{ id: "off", arn: "arn:off" }],
};
const elsewhere: BusRule = {
  ...everything,
  name: "default",
  busName: "default",
  targets: [{ id: "d", arn: "arn:d" }],
};

const faults: BusFaults = {};
const deliveries: Delivery[] = [];
let failing: ReadonlySet<string> = new Set();
let server: EventBridgeServer;
let client: EventBridgeClient;

beforeEach(async () => {
  for (const name of ["call", "entry", "delivery"] as const) delete faults[name];
  deliveries.length = 0;
  failing = new Set();
  server = await startEventBridge({
    busNames: ["hr", "quiet"],
    rules: [leavers, everything, disabled, elsewhere],
    origin: { account: "123456789012", region: "us-east-1" },
    now: () => new Date("2026-05-14T17:00:00.999Z"),
    retries: { maximumRetries: 2, firstDelayMilliseconds: 1 },
    faults,
    deliver: async (delivery) => {
      if (failing.has(delivery.receiverArn)) {
        return { kind: "failed", code: "THROTTLING", message: "slow down", isRetryable: true };
      }
      deliveries.push(delivery);
      return { kind: "delivered" };
    },
  });
  client = new EventBridgeClient({ endpoint: server.url, region: "us-east-1", credentials });
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

function left(personId: string) {
  const Detail = JSON.stringify({ personId });
  return { Source: "rollcall", DetailType: "EmployeeLeft", Detail, EventBusName: "hr" };
}

async function put(...entries: object[]) {
  const { FailedEntryCount, Entries = [] } = await client.send(new PutEventsCommand({ Entries: entries }));
  await server.idle();
  return {
    failed: FailedEntryCount,
    codes: Entries.map(({ ErrorCode, EventId }) => ErrorCode ?? typeof EventId),
  };
}

function received(arn: string): unknown[] {
  return deliveries
    .filter(({ receiverArn }) => receiverArn === arn)
    .map(({ body }) => JSON.parse(body).detail.personId);
}

async function failureOf(entries: object[] | undefined): Promise<unknown> {
  const quick = new EventBridgeClient({
    endpoint: server.url,
    region: "us-east-1",
    credentials,
    maxAttempts: 1,
  });
  try {
    await quick.send(new PutEventsCommand({ Entries: entries }));
    return "(accepted)";
  } catch (error) {
    if (!(error instanceof Error) || !("$metadata" in error)) return error;
    const { httpStatusCode } = Object(error.$metadata);
    return { name: error.name, status: httpStatusCode };
  } finally {
    quick.destroy();
  }
}

describe("PutEvents, spoken with the real client", () => {
  it("wraps the event as EventBridge does and delivers it to the targets of all matching rules", async () => {
    const { Entries = [] } = await client.send(
      new PutEventsCommand({ Entries: [{ ...left("p1"), Resources: ["arn:hr"] }] }),
    );
    await server.idle();
    const event = {
      version: "0",
      id: Entries[0]?.EventId,
      "detail-type": "EmployeeLeft",
      source: "rollcall",
      account: "123456789012",
      time: "2026-05-14T17:00:00Z",
      region: "us-east-1",
      resources: ["arn:hr"],
      detail: { personId: "p1" },
    };
    expect(deliveries.map(({ body, ...delivery }) => ({ ...delivery, body: JSON.parse(body) }))).toEqual([
      { ruleArn: "arn:rule/leavers", receiverArn: "arn:queue", attributes: {}, body: event },
      { ruleArn: "arn:rule/all", receiverArn: "arn:audit", attributes: {}, body: event },
    ]);
  });

  it("takes the time from the entry, in whole seconds", async () => {
    await put({ ...left("p1"), Time: new Date("2026-01-02T03:04:05.678Z") });
    expect(deliveries.map(({ body }) => JSON.parse(body).time)[0]).toBe("2026-01-02T03:04:05Z");
  });

  it("sends a target's constant input in the event's place", async () => {
    const rule = { ...leavers, targets: [{ id: "t", arn: "arn:t", input: '{"fixed":true}' }] };
    const bodies: string[] = [];
    const other = await startEventBridge({
      busNames: ["hr"],
      rules: [rule],
      origin: { account: "1", region: "r" },
      deliver: async ({ body }) => {
        bodies.push(body);
        return { kind: "delivered" };
      },
    });
    const otherClient = new EventBridgeClient({ endpoint: other.url, region: "us-east-1", credentials });
    await otherClient.send(new PutEventsCommand({ Entries: [left("p1")] }));
    await other.idle();
    otherClient.destroy();
    await other.close();
    expect(bodies).toEqual(['{"fixed":true}']);
  });

  it("answers each entry in its place: the good ones are delivered, the bad ones say why", async () => {
    const answer = await put(
      left("p1"),
      { ...left("p2"), Source: undefined },
      { ...left("p3"), Detail: "[]" },
      left("p4"),
    );
    expect({ answer, received: received("arn:queue") }).toEqual({
      answer: { failed: 2, codes: ["string", "InvalidArgument", "MalformedDetail", "string"] },
      received: ["p1", "p4"],
    });
  });

  it("finds the bus by its ARN as well, and takes the default one where none is named", async () => {
    await put({ ...left("p1"), EventBusName: "arn:aws:events:us-east-1:123456789012:event-bus/hr" });
    await put({ ...left("p2"), EventBusName: undefined });
    expect([received("arn:queue"), received("arn:d")]).toEqual([["p1"], ["p2"]]);
  });

  it("counts what AWS drops in silence: events that no rule wants, and events for an unknown bus", async () => {
    const answer = await put(
      { ...left("p1"), EventBusName: "hrr" },
      { ...left("p2"), EventBusName: "quiet" },
      left("p3"),
    );
    const { accepted, unmatched, unknownBuses } = server.report();
    expect({ answer, accepted, unmatched, unknownBuses }).toEqual({
      answer: { failed: 0, codes: ["string", "string", "string"] },
      accepted: 3,
      unmatched: 1,
      unknownBuses: { hrr: 1 },
    });
  });

  it.each([
    ["no entries", () => []],
    ["eleven entries", () => Array.from({ length: 11 }, () => left("p"))],
    [
      "entries that are too large together",
      () => [{ ...left("p"), Detail: `"${"x".repeat(maximumRequestBytes)}"` }],
    ],
  ])("refuses a call with %s as a whole", async (_, entries) => {
    expect(await failureOf(entries())).toEqual({ name: "ValidationException", status: 400 });
    expect(server.report().accepted).toBe(0);
  });

  it("refuses a body that is no request of PutEvents, and one without end", async () => {
    const post = async (body: string, target = "AWSEvents.PutEvents") => {
      const answer = await fetch(server.url, { method: "POST", body, headers: { "x-amz-target": target } });
      return { status: answer.status, type: JSON.parse(await answer.text()).__type };
    };
    expect([
      await post("{"),
      await post('{"Entries":[{"Source":5}]}'),
      await post('{"Entries":[{"Time":1e300}]}'),
      await post("x".repeat(3_000_000)),
      await post("{}", "AWSEvents.PutRule"),
    ]).toEqual([
      { status: 400, type: "SerializationException" },
      { status: 400, type: "SerializationException" },
      { status: 400, type: "SerializationException" },
      { status: 413, type: "RequestEntityTooLargeException" },
      { status: 400, type: "UnknownOperationException" },
    ]);
  });

  it("says which operation it has if asked for another", async () => {
    await expect(client.send(new ListRulesCommand({}))).rejects.toThrow(
      "knows AWSEvents.PutEvents and DescribeEventBus only",
    );
  });

  it("refuses to start with a pattern that EventBridge refuses, and names the rule", async () => {
    const rules = [{ ...leavers, pattern: { source: "rollcall" } }];
    const started = startEventBridge({
      busNames: ["hr"],
      rules,
      origin: { account: "1", region: "r" },
      deliver: async () => ({ kind: "delivered" }),
    });
    await expect(started).rejects.toThrow("Rule leavers has an event pattern that EventBridge refuses");
  });
});

describe("deliveries that fail", () => {
  it("go to the target's dead-letter queue, or are reported as dropped where there is none", async () => {
    failing = new Set(["arn:queue", "arn:audit"]);
    await put(left("p1"));
    const { delivered, deadLettered, dropped } = server.report();
    const failure = { kind: "failed", code: "THROTTLING", message: "slow down", isRetryable: true };
    expect({ delivered, deadLettered, dropped, dead: received("arn:dlq") }).toEqual({
      delivered: 0,
      deadLettered: 1,
      dropped: [{ eventId: expect.any(String), ruleArn: "arn:rule/all", targetArn: "arn:audit", failure }],
      dead: ["p1"],
    });
  });
});

describe("scripted faults", () => {
  it("let the n-th entry fail alone", async () => {
    faults.entry = ({ index }) => (index === 1 ? { code: "ThrottlingException" } : undefined);
    const answer = await put(left("p1"), left("p2"), left("p3"));
    expect({ answer, received: received("arn:queue") }).toEqual({
      answer: { failed: 1, codes: ["string", "ThrottlingException", "string"] },
      received: ["p1", "p3"],
    });
  });

  it.each([
    [500, "InternalFailure"],
    [503, "ServiceUnavailable"],
    [429, "ThrottlingException"],
    [400, "ThrottlingException"],
  ])("let a whole call answer %i %s, and accept nothing of it", async (status, code) => {
    faults.call = () => ({ kind: "refuse", status, code });
    expect(await failureOf([left("p1")])).toEqual({ name: code, status });
    expect(server.report().accepted).toBe(0);
  });

  it("are passed by the client's own retry when they end", async () => {
    faults.call = ({ index }) =>
      index === 0 ? { kind: "refuse", status: 500, code: "InternalFailure" } : undefined;
    expect(await put(left("p1"))).toEqual({ failed: 0, codes: ["string"] });
    expect(received("arn:queue")).toEqual(["p1"]);
  });

  it("lose the answer of a call that took effect, so that a retry delivers twice", async () => {
    faults.call = ({ index }) => (index === 0 ? { kind: "loseAnswer" } : undefined);
    await put(left("p1"));
    expect(received("arn:queue")).toEqual(["p1", "p1"]);
  });

  it("deliver an event twice", async () => {
    faults.delivery = ({ targetArn }) => (targetArn === "arn:queue" ? { copies: 2 } : undefined);
    await put(left("p1"));
    expect([received("arn:queue"), received("arn:audit"), server.report().delivered]).toEqual([
      ["p1", "p1"],
      ["p1"],
      3,
    ]);
  });

  it("hold an event back until others have overtaken it, and idle waits for it", async () => {
    faults.delivery = ({ event }) => (event.detail.personId === "p1" ? { delayMilliseconds: 40 } : undefined);
    await put(left("p1"), left("p2"));
    expect(received("arn:queue")).toEqual(["p2", "p1"]);
  });
});

describe("closing", () => {
  it("does not wait for a client that never ends its request", async () => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.on("error", () => {}); // The reset is what this test is about.
    await once(socket, "connect");
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
    await put(left("p1")); // By now the server has read the unfinished request, too.
    await server.close();
    expect(received("arn:queue")).toEqual(["p1"]);
  });

  it("reports what was still held back as dropped, and leaves no port open", async () => {
    faults.delivery = () => ({ delayMilliseconds: 60_000 });
    await client.send(new PutEventsCommand({ Entries: [left("p1")] }));
    await server.close();
    const dropped = server.report().dropped.map(({ targetArn, failure }) => [targetArn, failure.message]);
    const message = "The bus was closed before the event was delivered.";
    expect(dropped).toEqual([
      ["arn:queue", message],
      ["arn:audit", message],
    ]);
    await expect(fetch(server.url)).rejects.toThrow();
  });
});
