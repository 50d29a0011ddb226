import { createServer, type ServerResponse } from "node:http";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { afterEach, describe, expect, it } from "vitest";
import {
  classifyCallFailure,
  classifyEntryCode,
  eventBridgeBus,
  sleep,
} from "../../../src/events/eventBridge/eventBridgeBus.ts";
import type { EventEntry, PutAnswer } from "../../../src/events/eventBus.ts";

describe("eventBridgeBus", () => {
  const entries: EventEntry[] = ["a", "b"].map((id) => ({
    source: "rollcall.hr",
    detailType: "EmployeeLeft",
    detail: JSON.stringify({ metadata: { id } }),
  }));

  let closeAll: (() => void)[] = [];
  afterEach(() => {
    for (const close of closeAll) close();
    closeAll = [];
  });

  function clientFor(endpoint: string): EventBridgeClient {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const requestHandler = { requestTimeout: 200, throwOnRequestTimeout: true };
    const client = new EventBridgeClient({
      endpoint,
      region: "us-east-1",
      credentials,
      maxAttempts: 1,
      requestHandler,
    });
    closeAll.push(() => client.destroy());
    return client;
  }

  /** Puts the entries through the real client; the server responds with this. */
  async function put(
    answer: (response: ServerResponse) => void,
  ): Promise<{ answer: PutAnswer; request: unknown }> {
    let request: unknown;
    const server = createServer(async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      request = JSON.parse(Buffer.concat(chunks).toString());
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closeAll.push(() => {
      server.close();
      server.closeAllConnections();
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    const bus = eventBridgeBus(clientFor(`http://127.0.0.1:${address.port}`), "hr-bus");
    return { answer: await bus.put(entries), request };
  }

  const json = (status: number, body: unknown) => (response: ServerResponse) => {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(body));
  };

  const html = (status: number) => (response: ServerResponse) => {
    response.writeHead(status, { "content-type": "text/html" });
    response.end("<html>ada@example.com</html>");
  };

  it("sends the entries to the named bus and answers in their order", async () => {
    expect(
      await put(json(200, { FailedEntryCount: 0, Entries: [{ EventId: "1" }, { EventId: "2" }] })),
    ).toEqual({
      answer: {
        kind: "answered",
        entries: [
          { kind: "accepted", eventId: "1" },
          { kind: "accepted", eventId: "2" },
        ],
      },
      request: {
        Entries: entries.map(({ source, detailType, detail }) => ({
          EventBusName: "hr-bus",
          Source: source,
          DetailType: detailType,
          Detail: detail,
        })),
      },
    });
  });

  it("distinguishes the failed entries of a 200 from the accepted ones", async () => {
    const failing = { ErrorCode: "ThrottlingException", ErrorMessage: "slow down" };
    const { answer } = await put(json(200, { FailedEntryCount: 1, Entries: [failing, { EventId: "2" }] }));
    expect(answer).toEqual({
      kind: "answered",
      entries: [
        {
          kind: "failed",
          failure: { class: "transient", code: "ThrottlingException", message: "slow down" },
        },
        { kind: "accepted", eventId: "2" },
      ],
    });
  });

  it.each([[{}], [{ Entries: [] }], [{ Entries: [{}] }]])(
    "counts what %j leaves out as failed",
    async (body) => {
      const failure = { class: "transient", code: "NoAnswer", message: "the response leaves this entry out" };
      expect((await put(json(200, body))).answer).toEqual({
        kind: "answered",
        entries: [
          { kind: "failed", failure },
          { kind: "failed", failure },
        ],
      });
    },
  );

  it.each([
    [500, "InternalFailure", "transient"],
    [400, "ThrottlingException", "transient"],
    [400, "ExpiredTokenException", "bus"],
    [400, "ValidationException", "entry"],
  ])("translates a %s %s into a failed call of class %s", async (status, code, failureClass) => {
    expect((await put(json(status, { __type: code, message: "why" }))).answer).toEqual({
      kind: "failed",
      failure: { class: failureClass, code, message: "why" },
    });
  });

  it.each([502, 200])("does not quote an answer of status %s that is not JSON", async (status) => {
    expect((await put(html(status))).answer).toEqual({
      kind: "failed",
      failure: {
        class: "transient",
        code: "UnreadableAnswer",
        message: `HTTP ${status} with a body that is not JSON`,
      },
    });
  });

  it("takes a broken connection, a silent server and an absent one for transient", async () => {
    const failureOf = (answer: PutAnswer) =>
      answer.kind === "failed" ? [answer.failure.class, answer.failure.code] : [];
    const broken = await put((response) => response.destroy());
    const silent = await put(() => {});
    const absent = await eventBridgeBus(clientFor("http://127.0.0.1:1"), "hr-bus").put(entries);
    expect([broken.answer, silent.answer, absent].map(failureOf)).toEqual([
      ["transient", "ECONNRESET"],
      ["transient", "ETIMEDOUT"],
      ["transient", "ECONNREFUSED"],
    ]);
  });

  it("blames the caller for credentials that cannot be loaded", async () => {
    const client = new EventBridgeClient({
      endpoint: "http://127.0.0.1:1",
      region: "us-east-1",
      credentials: async () => {
        throw Object.assign(new Error("no credentials"), { name: "CredentialsProviderError" });
      },
    });
    closeAll.push(() => client.destroy());
    expect(await eventBridgeBus(client, "hr-bus").put(entries)).toEqual({
      kind: "failed",
      failure: { class: "bus", code: "CredentialsProviderError", message: "no credentials" },
    });
  });

  it("throws on what is neither the service's nor the caller's fault", async () => {
    const client = new EventBridgeClient({
      endpoint: "http://127.0.0.1:1",
      region: "us-east-1",
      credentials: async () => {
        throw new TypeError("a defect");
      },
    });
    closeAll.push(() => client.destroy());
    await expect(eventBridgeBus(client, "hr-bus").put(entries)).rejects.toThrow("a defect");
  });
});

describe("classifyEntryCode", () => {
  it.each([
    ["ThrottlingException", "transient"],
    ["InternalFailure", "transient"],
    ["InternalException", "transient"],
    ["NoAnswer", "transient"],
    ["SomethingNew", "transient"],
    ["AccessDeniedException", "entry"],
    ["InvalidAccountIdException", "entry"],
    ["InvalidArgument", "entry"],
    ["MalformedDetail", "entry"],
    ["NotAuthorizedForDetailTypeException", "entry"],
    ["NotAuthorizedForSourceException", "entry"],
    ["RedactionFailure", "entry"],
  ])("takes %s for %s", (code, failureClass) => {
    expect(classifyEntryCode(code)).toBe(failureClass);
  });
});

describe("classifyCallFailure", () => {
  it.each([
    ["ThrottlingException", 400, "transient"],
    ["TooManyRequestsException", 429, "transient"],
    ["Unknown", 429, "transient"],
    ["InternalFailure", 500, "transient"],
    ["ServiceUnavailable", 503, "transient"],
    ["UnreadableAnswer", 502, "transient"],
    ["UnreadableAnswer", 200, "transient"],
    ["RequestTimeout", 408, "transient"],
    ["ECONNREFUSED", undefined, "transient"],
    ["TimeoutError", undefined, "transient"],
    ["ExpiredTokenException", 400, "bus"],
    ["UnrecognizedClientException", 400, "bus"],
    ["IncompleteSignature", 400, "bus"],
    ["InvalidSignatureException", 403, "bus"],
    ["AccessDeniedException", 400, "bus"],
    ["ResourceNotFoundException", 400, "bus"],
    ["Unknown", 403, "bus"],
    ["Unknown", 404, "bus"],
    ["ValidationException", 400, "entry"],
    ["RequestEntityTooLargeException", 413, "entry"],
  ])("takes %s with status %s for %s", (name, status, failureClass) => {
    expect(classifyCallFailure(name, status)).toBe(failureClass);
  });
});

describe("sleep", () => {
  it("ends in time, and at once when it is aborted before or meanwhile", async () => {
    const stop = new AbortController();
    await sleep(1, stop.signal);
    const asleep = sleep(60_000, stop.signal);
    stop.abort("enough");
    expect(await asleep).toBeUndefined();
    expect(await sleep(60_000, stop.signal)).toBeUndefined();
  });
});
