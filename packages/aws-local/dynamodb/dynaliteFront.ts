import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { isJsonObject, type JsonObject, parseJson } from "../json.ts";
import { batchExecuteStatement } from "./batchExecuteStatement.ts";
import { type DynamoAnswer, type DynamoCall, dynaliteCall } from "./dynaliteCall.ts";
import { type DynamoFault, type DynamoFaults, leaveUnprocessed } from "./dynamoFaults.ts";

/**
 * Puts faults, and the operation that dynalite does not know, in front of a dynalite server's own request handler.
 *
 * @param now the clock of the answers' `Date`, in milliseconds since the epoch
 */
export function putInFront(server: Server, faults: DynamoFaults, now: () => number): void {
  const handlers = server.listeners("request");
  const call = dynaliteCall(server, handlers);
  server.removeAllListeners("request");
  let index = 0;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader("date", new Date(now()).toUTCString());
    const operation = String(request.headers["x-amz-target"] ?? "").replace(/^.*\./, "");
    const fault = faults({ index: index++, operation });
    const answer = answerInPlace(call, operation, fault);
    const isLost = fault?.kind === "loseAnswer";
    const proceed = () => {
      if (answer !== undefined) return void respond(request, response, answer, isLost);
      if (isLost) response.end = () => response.destroy();
      for (const handle of handlers) handle.call(server, request, response);
    };
    if (fault?.kind === "delay") setTimeout(proceed, fault.milliseconds);
    else proceed();
  });
}

type Answer = (input: JsonObject) => DynamoAnswer | Promise<DynamoAnswer>;

/** Returns what answers a request in dynalite's place, or nothing if dynalite is to answer it. */
function answerInPlace(
  call: DynamoCall,
  operation: string,
  fault: DynamoFault | undefined,
): Answer | undefined {
  const isBatchOfStatements = operation === "BatchExecuteStatement";
  const isBatchOfItems = operation === "BatchGetItem" || operation === "BatchWriteItem";
  if (fault?.kind === "refuse") return () => refusal(fault.status, fault.code, "asked for by a fault plan");
  if (fault?.kind === "failStatements") {
    if (!isBatchOfStatements) return () => mismatch(fault, operation);
    return (input) => batchExecuteStatement(call, input, fault.statements);
  }
  if (fault?.kind === "leaveUnprocessed") {
    if (!isBatchOfItems) return () => mismatch(fault, operation);
    return (input) => leaveUnprocessed(call, operation, input, fault.indexes);
  }
  return isBatchOfStatements ? (input) => batchExecuteStatement(call, input, []) : undefined;
}

function refusal(status: number, code: string, message: string): DynamoAnswer {
  return { status, body: { __type: `com.amazonaws.dynamodb.v20120810#${code}`, message } };
}

/** A plan that means another request must not pass for one in which nothing failed. */
function mismatch({ kind }: DynamoFault, operation: string): DynamoAnswer {
  return refusal(400, "ValidationException", `a fault plan asks for ${kind}, which ${operation} cannot meet`);
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  isLost: boolean,
): Promise<void> {
  // A client that died in the middle of its request gets no answer.
  const input = await text(request).catch(() => undefined);
  if (input === undefined) return;
  const { status, body } = await answerText(input, answer);
  if (isLost) return void response.destroy();
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.0",
    "x-amzn-requestid": randomUUID(),
  });
  response.end(JSON.stringify(body));
}

/** A request that the emulator cannot answer gets an error, and does not end the process of all others. */
async function answerText(input: string, answer: Answer): Promise<DynamoAnswer> {
  const json = parseJson(input);
  if (!isJsonObject(json)) return refusal(400, "SerializationException", "expected a JSON object");
  try {
    return await answer(json);
  } catch (error) {
    return refusal(500, "InternalServerError", `the emulator cannot answer this request: ${error}`);
  }
}
