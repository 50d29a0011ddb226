import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { seededUuid } from "@rollcall/simulated-service/seededDraws";
import { answerCall, type Outcome, type Reply, type RequestBody, replyRefusal } from "./answerCall.ts";
import { type CarriedUser, type LoggedCall, type ReceivedCall, readAttempt, sentUsers } from "./callLog.ts";
import { refuse } from "./chimeApi.ts";
import { type DirectoryState, findByEmail, findById } from "./directoryState.ts";
import type { SimulatorSettings } from "./operation.ts";
import { findRoute, type Route } from "./operationTable.ts";
import type { Fault } from "./scriptedFault.ts";

export interface Service {
  state: DirectoryState;
  settings: SimulatorSettings;
  now(): number;
  /** Chooses the fault of a call. */
  decide(call: ReceivedCall): Fault;
  record(call: LoggedCall): void;
  /** Ends the waiting of calls when the simulator closes. */
  closing: AbortSignal;
}

interface Request {
  route: Route;
  body: RequestBody;
}

/** Handles each call in this order: receive, choose the fault, wait, answer, log, send. */
export function createRequestHandler(service: Service): RequestListener {
  let sequence = 0;
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(incoming, service.settings.maximumBodyBytes);
    const route = findRoute(incoming.method ?? "", incoming.url ?? "");
    sequence += 1;
    const call = receive(incoming, { route, body }, sequence, service);
    const outcome = await decideAndAnswer({ route, body }, call, service);
    const requestId = seededUuid(service.state.seed, `request/${call.sequence}`);
    const answered = sendReply(response, outcome.reply, requestId);
    service.record(toEntry(call, outcome, { requestId, answered }));
  };
  return (incoming, response) => {
    // This rejects only if nobody can be answered: the client left, or the simulator is closing.
    serve(incoming, response).catch(() => response.destroy());
  };
}

async function decideAndAnswer(request: Request, call: ReceivedCall, service: Service): Promise<Outcome> {
  try {
    const fault = service.decide(call);
    const { delayMilliseconds = 0 } = fault;
    if (delayMilliseconds > 0) await pause(delayMilliseconds, undefined, { signal: service.closing });
    return answerCall(request, fault, service);
  } catch (error) {
    if (service.closing.aborted) throw error;
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const message = `A fault plan or the simulator itself threw on call ${call.sequence}. Mend it: ${reason}`;
    return { reply: replyRefusal(refuse("SimulatorDefect", message)), tookEffect: false, mailedTo: [] };
  }
}

function receive(
  incoming: IncomingMessage,
  { route, body }: Request,
  sequence: number,
  { state, now }: Service,
): ReceivedCall {
  const found = route.kind === "found" ? route : undefined;
  const accountId = found?.labels.AccountId;
  const invocationId = readHeader(incoming, "amz-sdk-invocation-id");
  const value = body.kind === "json" ? body.value : undefined;
  const sent = sentUsers(found?.labels.UserId, value);
  return {
    sequence,
    at: now(),
    operation: found?.operation ?? "Unknown",
    ...(accountId === undefined ? {} : { accountId }),
    users: sent.map((name) => identify(name, accountId, state)),
    query: found?.query ?? {},
    body: value,
    ...(invocationId === undefined ? {} : { invocationId }),
    ...readAttempt(readHeader(incoming, "amz-sdk-request")),
  };
}

/** Finds the user, so that a fault plan may name a user by id or by address, whichever the call uses. */
function identify(sent: string, accountId: string | undefined, state: DirectoryState): CarriedUser {
  const record = accountId === undefined ? undefined : state.accounts.get(accountId);
  const user = record === undefined ? undefined : (findById(record, sent) ?? findByEmail(record, sent));
  return user === undefined ? { sent } : { sent, id: user.id, email: user.email };
}

function toEntry(
  call: ReceivedCall,
  { reply, tookEffect, mailedTo }: Outcome,
  end: { requestId: string; answered: boolean },
): LoggedCall {
  const entry = { ...call, ...end, tookEffect, mailedTo };
  if (reply.kind === "reset") return { ...entry, userErrors: [] };
  const { status, errorType, userErrors } = reply;
  return { ...entry, status, userErrors, ...(errorType === undefined ? {} : { errorType }) };
}

/**
 * Reads the whole body, even one that is too large: a client that is answered while it still sends sees a broken
 * connection. Only `maximumBytes` are kept.
 * @throws if the client leaves before the end.
 */
async function readBody(request: IncomingMessage, maximumBytes: number): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= maximumBytes) chunks.push(chunk);
  }
  if (bytes > maximumBytes) {
    const message = `Expected a body of ${maximumBytes} bytes at most, got ${bytes}.`;
    return { kind: "malformed", message };
  }
  return bytes === 0 ? { kind: "none" } : parseBody(Buffer.concat(chunks).toString());
}

/** Sends the reply. Returns whether the client was still connected. */
function sendReply(response: ServerResponse, reply: Reply, requestId: string): boolean {
  const { socket } = response;
  if (socket === null || socket.destroyed) return false;
  if (reply.kind === "reset") {
    socket.resetAndDestroy();
    return false;
  }
  const { status, headers, body } = reply;
  const bodyHeaders =
    status === 204 ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { "x-amzn-requestid": requestId, ...bodyHeaders, ...headers });
  response.end(status === 204 ? undefined : body);
  return true;
}

/** Reads a header. All headers that the simulator reads are sent once. */
function readHeader(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function parseBody(text: string): RequestBody {
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { kind: "malformed", message: `Expected the body to be JSON: ${error.message}` };
  }
}
