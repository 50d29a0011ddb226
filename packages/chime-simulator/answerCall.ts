import { accountAdministration, accountSettings } from "./accountOperations.ts";
import { exceptions, type Refusal, refuse, type UserError } from "./chimeApi.ts";
import { invitations } from "./invitations.ts";
import type { Answer, Answered, Operation, ServiceContext } from "./operation.ts";
import { type OperationName, operationRow, type Route } from "./operationTable.ts";
import type { CallFault, ExceptionAnswer, Fault, UserFault } from "./scriptedFault.ts";
import { singleUsers, suspensions, userUpdates } from "./userOperations.ts";

/** The body of a request: JSON text, nothing, or something that cannot be used. */
export type RequestBody =
  | { kind: "none" }
  | { kind: "json"; value: unknown }
  | { kind: "malformed"; message: string };

export interface Outcome {
  reply: Reply;
  tookEffect: boolean;
  mailedTo: readonly string[];
}

/** Carries out a call, with the fault that the plan chose for it, and returns the reply. It changes the directory. */
export function answerCall(
  { route, body }: { route: Route; body: RequestBody },
  fault: Fault,
  service: Omit<ServiceContext, "userFault">,
): Outcome {
  const { call } = fault;
  if (call?.kind === "reset" && !call.takesEffect) return untouched({ kind: "reset" });
  if (call?.kind === "exception" && !call.takesEffect) return untouched(replyException(call));
  if (route.kind !== "found") return untouched(replyRefusal(refuse(route.exception, route.message)));
  const answer = perform(route, body, fault.users ?? [], service);
  if (answer.kind === "refused") {
    // A refusal can be lost with its connection just as a success can.
    const reply: Reply = call?.kind === "reset" ? { kind: "reset" } : replyRefusal(answer);
    return { ...untouched(reply), tookEffect: answer.tookEffect ?? false };
  }
  const reply = replyAnswered(answer, operationRow(route.operation).successStatus, call);
  return { reply, tookEffect: true, mailedTo: answer.mailedTo ?? [] };
}

function perform(
  route: Extract<Route, { kind: "found" }>,
  body: RequestBody,
  userFaults: readonly UserFault[],
  service: Omit<ServiceContext, "userFault">,
): Answer {
  const { operation, labels } = route;
  const members = membersOf(body);
  if (members === undefined) {
    const message = body.kind === "malformed" ? body.message : "Expected the body to be a JSON object.";
    return refuse("BadRequestException", message);
  }
  const fields = { ...members, ...queryMembers(operation, route.query) };
  const userFault = (sent: string) => userFaults.find((fault) => fault.sent === sent);
  return operations[operation]({ operation, labels, fields }, { ...service, userFault });
}

function membersOf(body: RequestBody): object | undefined {
  if (body.kind === "none") return {};
  if (body.kind === "malformed" || typeof body.value !== "object" || body.value === null) return undefined;
  return Array.isArray(body.value) ? undefined : body.value;
}

function queryMembers(operation: OperationName, query: Record<string, string>): Record<string, string> {
  const names = operationRow(operation).query ?? {};
  return Object.fromEntries(
    Object.entries(query).flatMap(([parameter, value]) => {
      const member = names[parameter];
      return member === undefined ? [] : [[member, value]];
    }),
  );
}

function untouched(reply: Reply): Outcome {
  return { reply, tookEffect: false, mailedTo: [] };
}

/** Maps each of the sixteen operations to its implementation; the type makes sure that none is missing. */
const operations: Record<OperationName, Operation> = {
  ...suspensions,
  ...userUpdates,
  ...invitations,
  ...singleUsers,
  ...accountAdministration,
  ...accountSettings,
};

/** A reply is an HTTP response, or a connection that is reset. */
export type Reply =
  | {
      kind: "response";
      status: number;
      headers: Record<string, string>;
      body: string;
      errorType?: string;
      userErrors: readonly UserError[];
    }
  | { kind: "reset" };

export function replyRefusal({ exception, message }: Refusal): Reply {
  return replyException({ errorType: exception, ...exceptions[exception], message });
}

/** Builds an error response. The service names an error in a header and again in the body. */
function replyException(answer: ExceptionAnswer): Reply {
  const { errorType, status, code, message, retryAfterSeconds, withoutErrorTypeHeader } = answer;
  return {
    kind: "response",
    status,
    headers: {
      ...(withoutErrorTypeHeader ? {} : { "x-amzn-errortype": errorType }),
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
    body: JSON.stringify({ Code: code, Message: message }),
    errorType,
    userErrors: [],
  };
}

/** Builds the reply to a call that took effect, as changed by the fault. */
function replyAnswered(answered: Answered, successStatus: number, fault: CallFault | undefined): Reply {
  const { body, userErrors = [] } = answered;
  const response = { kind: "response", status: successStatus, headers: {}, userErrors } as const;
  if (fault === undefined) return { ...response, body: body === undefined ? "" : JSON.stringify(body) };
  switch (fault.kind) {
    case "exception":
      return replyException(fault);
    case "reset":
      return { kind: "reset" };
    case "body":
      return { ...response, status: fault.status ?? successStatus, body: fault.body, userErrors: [] };
    case "userErrors": {
      const all = [...userErrors, ...fault.userErrors];
      return { ...response, body: JSON.stringify({ ...body, UserErrors: all }), userErrors: all };
    }
  }
}
