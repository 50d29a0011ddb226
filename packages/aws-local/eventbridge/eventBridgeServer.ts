import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import * as z from "zod";
import { parseJson } from "../json.ts";
import { createEventBus, type EventBus, type EventBusOptions } from "./eventBuses.ts";
import { maximumRequestBytes, type PutEventsEntry, putEventsRequest, refusalOfRequest } from "./putEvents.ts";

/** No valid body is larger: JSON escapes make entries at most six times as long. */
const maximumBodyBytes = 8 * maximumRequestBytes;

export interface EventBridgeServer extends Pick<EventBus, "idle" | "report"> {
  /** For AWS_ENDPOINT_URL_EVENTBRIDGE. */
  url: string;
  close: () => Promise<void>;
}

/**
 * Starts a PutEvents endpoint on 127.0.0.1, for the real SDK client.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 *
 * @param port 0 for a free one
 */
export async function startEventBridge(options: EventBusOptions, port = 0): Promise<EventBridgeServer> {
  const bus = createEventBus(options);
  const handle = requestHandler(bus, options);
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      answerError(response, 500, "InternalFailure", String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");

  return {
    url: `http://127.0.0.1:${address.port}`,
    idle: bus.idle,
    report: bus.report,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await bus.close();
    },
  };
}

function requestHandler(bus: EventBus, { faults = {}, busNames, origin }: EventBusOptions) {
  let callCount = 0;

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request, maximumBodyBytes);
    if (operationOf(request) === "AWSEvents.DescribeEventBus") {
      const name = describedBus(body);
      if (name !== "default" && !busNames.includes(name))
        return answerError(response, 400, "ResourceNotFoundException", `Event bus ${name} does not exist.`);
      const arn = `arn:aws:events:${origin.region}:${origin.account}:event-bus/${name}`;
      return answerJson(response, 200, { Name: name, Arn: arn });
    }
    const call = readCall(operationOf(request), body);
    if (call.kind === "refused") return answerError(response, call.status, call.code, call.message);

    const { entries } = call;
    const fault = faults.call?.({ index: callCount++, entries });
    if (fault?.kind === "refuse") {
      return answerError(response, fault.status, fault.code, "This failure was asked for by a test.");
    }
    const refusal = refusalOfRequest(entries);
    if (refusal !== undefined) return answerError(response, 400, "ValidationException", refusal);

    const results = bus.put(entries);
    if (fault?.kind === "loseAnswer") {
      request.socket.destroy();
      return;
    }
    const failed = results.filter((result) => "ErrorCode" in result).length;
    answerJson(response, 200, { FailedEntryCount: failed, Entries: results });
  };
}

/** A bus may be named by its ARN. */
function describedBus(body: string | undefined): string {
  const { data } = z.object({ Name: z.string() }).safeParse(parseJson(body ?? ""));
  return data?.Name.replace(/^arn:.*:event-bus\//, "") ?? "default";
}

type Call =
  | { kind: "putEvents"; entries: readonly PutEventsEntry[] }
  | { kind: "refused"; status: number; code: string; message: string };

function readCall(operation: string, body: string | undefined): Call {
  if (operation !== "AWSEvents.PutEvents") {
    const message = `This endpoint knows AWSEvents.PutEvents and DescribeEventBus only, not ${operation}. Rules come from the template.`;
    return { kind: "refused", status: 400, code: "UnknownOperationException", message };
  }
  if (body === undefined) {
    const message = `The request is larger than ${maximumBodyBytes} bytes.`;
    return { kind: "refused", status: 413, code: "RequestEntityTooLargeException", message };
  }
  // The schema refuses what is not JSON, in the words that the caller gets.
  const parsed = putEventsRequest.safeParse(parseJson(body));
  if (parsed.success) return { kind: "putEvents", entries: parsed.data.Entries };
  const message = `The request is not one of PutEvents. ${z.prettifyError(parsed.error)}`;
  return { kind: "refused", status: 400, code: "SerializationException", message };
}

/** Returns the operation that the header names, such as `AWSEvents.PutEvents`. */
function operationOf(request: IncomingMessage): string {
  const target = request.headers["x-amz-target"];
  return typeof target === "string" ? target : "(none)";
}

/** Reads the request's body as text; `undefined` if it is larger than that. */
async function readBody(request: IncomingMessage, maximumBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.byteLength;
    // The body is read to its end and not kept: a client that is still sending would not read the answer.
    if (bytes <= maximumBytes) chunks.push(buffer);
  }
  return bytes <= maximumBytes ? Buffer.concat(chunks).toString("utf8") : undefined;
}

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.1",
    "x-amzn-requestid": randomUUID(),
  });
  response.end(JSON.stringify(body));
}

/** Answers with an error as the SDK's JSON protocol reads it: `__type` holds its name. */
function answerError(response: ServerResponse, status: number, code: string, message: string): void {
  answerJson(response, status, { __type: code, message });
}
