import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { type Seed, seededUuid } from "@rollcall/simulated-service/seededDraws";
import type { Fault } from "./faults/scriptedScimFault.ts";
import { type Answer, refuse } from "./operations/answers.ts";
import { answerCall, type Request, type RequestBody } from "./operations/answerTenantCall.ts";
import { bulkUsers } from "./operations/performBulk.ts";
import { sentName } from "./operations/userChanges.ts";
import { type Reply, replyAnswer, replyFault } from "./replies.ts";
import { findRoute, type Route } from "./routes.ts";
import type { CarriedUser, LoggedCall, ReceivedCall } from "./scimCallLog.ts";
import { findByAnyName, type TenantRecord } from "./tenants/tenantState.ts";

export interface Service {
  seed: Seed;
  tenants: readonly TenantRecord[];
  now(): number;
  /** Chooses the fault of a call. */
  decide(call: ReceivedCall): Fault;
  record(call: LoggedCall): void;
  /** Ends the waiting of calls when the simulator closes. */
  closing: AbortSignal;
}

// 1,000 operations of a bulk take about 300 kB.
const maximumBodyBytes = 8 * 1024 * 1024;

interface Outcome {
  reply: Reply;
  tookEffect: boolean;
  results: LoggedCall["results"];
}

/** Handles each call in this order: receive, choose the fault, wait, answer, log, send. */
export function createRequestHandler(service: Service): RequestListener {
  let sequence = 0;
  const inTurn = createTurns();
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(incoming);
    sequence += 1;
    const route = findRoute(incoming.method ?? "", incoming.url ?? "", service.tenants);
    const authorized = route.tenant !== undefined && hasToken(incoming, route.tenant, service.now());
    const request: Request = {
      route,
      body,
      contentType: incoming.headers["content-type"],
      authorized,
      authorization: incoming.headers.authorization ?? "",
      serverUrl: `http://${incoming.headers.host}`,
    };
    const call = receive(incoming, request, sequence, service);
    const outcome = await decideAndAnswer(request, call, service, inTurn);
    const answered = sendReply(response, outcome.reply, call.requestId);
    service.record(toEntry(call, outcome, answered));
  };
  return (incoming, response) => {
    // This rejects only if nobody can be answered: the client left, or the simulator is closing.
    serve(incoming, response).catch(() => response.destroy());
  };
}

type Turns = <Result>(run: () => Promise<Result>) => Promise<Result>;

/** Lets one call after the other change the users, because a PATCH reads and then writes. */
function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const turn = last.then(run);
    last = turn.catch(() => undefined);
    return turn;
  };
}

async function decideAndAnswer(
  request: Request,
  call: ReceivedCall,
  service: Service,
  inTurn: Turns,
): Promise<Outcome> {
  try {
    const fault = service.decide(call);
    const { delayMilliseconds = 0 } = fault;
    if (delayMilliseconds > 0) await pause(delayMilliseconds, undefined, { signal: service.closing });
    return await inTurn(() => answerWithFault(request, call, fault));
  } catch (error) {
    if (service.closing.aborted) throw error;
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const detail = `A fault plan or the simulator itself threw on call ${call.sequence}. Mend it: ${reason}`;
    return { reply: replyAnswer(refuse(500, detail)), tookEffect: false, results: [] };
  }
}

async function answerWithFault(request: Request, call: ReceivedCall, fault: Fault): Promise<Outcome> {
  if (fault.call !== undefined && !fault.call.takesEffect) {
    return { reply: replyFault(fault.call), tookEffect: false, results: [] };
  }
  const { tenant } = request.route;
  const effectsBefore = tenant?.effects.length ?? 0;
  const answer: Answer = await answerCall(request, fault, call);
  const tookEffect = (tenant?.effects.length ?? 0) > effectsBefore;
  const reply = fault.call === undefined ? replyAnswer(answer, tenant?.behavior) : replyFault(fault.call);
  const results = answer.kind === "answered" ? (answer.results ?? []) : [];
  return { reply, tookEffect, results };
}

function receive(
  incoming: IncomingMessage,
  { route, body, authorized }: Request,
  sequence: number,
  { seed, now }: Service,
): ReceivedCall {
  const { operation, tenant, path, query } = route;
  const method = incoming.method ?? "";
  const value = body.kind === "json" || body.kind === "form" ? body.value : undefined;
  return {
    sequence,
    at: now(),
    operation,
    ...(tenant === undefined ? {} : { tenant: tenant.basePath }),
    method,
    path,
    query,
    users: sentUsers(route, method, value).map((user) => identify(user, tenant)),
    body: value,
    headers: plainHeaders(incoming),
    authorized,
    requestId: seededUuid(seed, `request/${sequence}`),
  };
}

function sentUsers(
  { operation, userId }: Route,
  method: string,
  body: unknown,
): { sent: string; method: string }[] {
  switch (operation) {
    case "bulk":
      return bulkUsers(body);
    case "create":
      return [{ sent: sentName({ method: "POST", body }), method }];
    default:
      return userId === undefined ? [] : [{ sent: userId, method }];
  }
}

/** Finds the user, so that a fault plan may name a user by id or by user name, whichever the call uses. */
function identify(user: { sent: string; method: string }, tenant: TenantRecord | undefined): CarriedUser {
  const found = tenant === undefined ? undefined : findByAnyName(tenant, user.sent);
  return found === undefined ? user : { ...user, id: found.id, userName: found.attributes.userName };
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  const { authorization: _, ...others } = headers;
  return Object.fromEntries(
    Object.entries(others).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

function hasToken(
  { headers }: IncomingMessage,
  { token, issued }: Pick<TenantRecord, "token" | "issued">,
  now: number,
): boolean {
  const sent = Buffer.from(headers.authorization ?? "");
  const valid = [token, ...[...issued].flatMap(([each, until]) => (now < until ? [each] : []))];
  return valid.some((each) => {
    const expected = Buffer.from(`Bearer ${each}`);
    return sent.length === expected.length && timingSafeEqual(sent, expected);
  });
}

function toEntry(call: ReceivedCall, { reply, tookEffect, results }: Outcome, answered: boolean): LoggedCall {
  const entry = { ...call, tookEffect, results, answered };
  return reply.kind === "reset" ? entry : { ...entry, status: reply.status };
}

/**
 * Reads the whole body, even one that is too large: a client that is answered while it still sends sees a broken
 * connection. Only the first bytes are kept.
 * @throws if the client leaves before the end.
 */
async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= maximumBodyBytes) chunks.push(chunk);
  }
  if (bytes === 0) return { kind: "none" };
  if (bytes > maximumBodyBytes) return { kind: "malformed", detail: "The body is too large." };
  const text = Buffer.concat(chunks).toString();
  return /^application\/x-www-form-urlencoded\b/.test(request.headers["content-type"] ?? "")
    ? { kind: "form", value: Object.fromEntries(new URLSearchParams(text)) }
    : parseBody(text, bytes);
}

function parseBody(text: string, bytes: number): RequestBody {
  try {
    return { kind: "json", value: JSON.parse(text), bytes };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { kind: "malformed", detail: `Expected the body to be JSON: ${error.message}` };
  }
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
  const length = status === 204 ? {} : { "content-length": String(Buffer.byteLength(body)) };
  response.writeHead(status, { "x-request-id": requestId, ...headers, ...length });
  response.end(status === 204 ? undefined : body);
  return true;
}
