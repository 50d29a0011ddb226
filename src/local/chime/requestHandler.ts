import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { answerCall, type Outcome, type RequestBody } from "./answerCall.ts";
import type { LoggedCall } from "./callLog.ts";
import { type DirectoryState, findByEmail, findById } from "./directoryState.ts";
import { refuse } from "./exceptions.ts";
import type { Fault } from "./fault.ts";
import { readBody, readHeader, sendReply } from "./httpExchange.ts";
import { type CarriedUser, type ReceivedCall, readAttempt, sentUsers } from "./receivedCall.ts";
import { replyRefusal } from "./reply.ts";
import { findRoute, type Route } from "./router.ts";
import { seededUuid } from "./seededValues.ts";
import type { SimulatorSettings } from "./settings.ts";

export interface Service {
  state: DirectoryState;
  settings: SimulatorSettings;
  now(): number;
  /** Chooses what goes wrong with a call. */
  decide(call: ReceivedCall): Fault;
  record(call: LoggedCall): void;
  /** Ends the waiting of calls when the simulator closes. */
  closing: AbortSignal;
}

interface Request {
  route: Route;
  body: RequestBody;
}

/** The way of one call: receive, choose its fault, wait, answer, log, send. */
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
    // It rejects only where nobody is left to be told: the client went in mid-request, or the simulator closes.
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

/** So that a fault may speak of a user by id or address, whichever the call uses. */
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
