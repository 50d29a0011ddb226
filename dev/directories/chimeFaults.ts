import type { CarriedUser, ReceivedCall } from "@rollcall/chime-simulator/callLog";
import type { UserErrorCode } from "@rollcall/chime-simulator/chimeApi";
import type { UserFaultKind } from "@rollcall/chime-simulator/faultPlans";
import {
  bodyFault,
  exceptionFault,
  type Fault,
  type FaultPlan,
  resetFault,
  type UserFault,
  userErrorsFault,
} from "@rollcall/chime-simulator/scriptedFault";
import { drawFault, type Odds } from "@rollcall/simulated-service/planCombinators";
import { type Seed, seededFraction } from "@rollcall/simulated-service/seededDraws";

/** A call that the simulator received, and its fault. */
interface FaultyCall {
  call: ReceivedCall;
  fault: Fault;
}

export interface ChimeFaults {
  plan: FaultPlan;
  /** By the call's sequence number. */
  injected: ReadonlyMap<number, FaultyCall>;
}

/**
 * The faults of Chime: single users that fail once or always, calls refused as a whole, unreadable responses, connections
 * that break before or after a call took effect, and latency. A fault follows from the seed, from the person and how often a
 * call carried them, and from the number of the call. So the same seed gives the same faults in whatever order calls arrive.
 *
 * @param onCall called for each call as it arrives
 */
export function chimeFaults(seed: Seed, onCall: (call: ReceivedCall) => void): ChimeFaults {
  const injected = new Map<number, FaultyCall>();
  const carried = new Map<string, number>();
  const called = new Map<string, number>();
  const plan: FaultPlan = (call) => {
    const nth = countUp(called, call.operation);
    const users = call.users.flatMap((user) => userFaults(seed, user, call, carried));
    // A poisoned call is refused whatever else was drawn, or a lost response would let it take effect.
    const fault = { ...callFault(seed, call.operation, nth), ...poisoned(seed, call), users };
    injected.set(call.sequence, { call, fault });
    onCall(call);
    return fault;
  };
  return { plan, injected };
}

function poisoned(seed: Seed, { users }: ReceivedCall): Fault | undefined {
  for (const address of users.map(addressOf)) {
    const poison = poisonOf(seed, address);
    if (poison !== undefined) return poisonFault(poison, address);
  }
  return undefined;
}

function userFaults(
  seed: Seed,
  user: CarriedUser,
  { operation }: ReceivedCall,
  carried: Map<string, number>,
): UserFault[] {
  const address = addressOf(user);
  const nth = countUp(carried, `${operation} ${address}`);
  const code = permanentCode(seed, operation, address);
  const kind =
    code === undefined
      ? transientFault(seed, operation, address, nth)
      : ({ kind: "userError", code } as const);
  return kind === undefined ? [] : [{ ...kind, sent: user.sent, message: `not for ${address}` }];
}

function addressOf({ email, sent }: CarriedUser): string {
  return (email ?? sent).toLowerCase();
}

function countUp(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}

/** The fault of the `nth` call of an operation as a whole, from 1, and its latency. */
export function callFault(seed: Seed, operation: string, nth: number): Fault {
  const label = `${operation} ${nth}`;
  const delayMilliseconds = 20 + Math.floor(200 * seededFraction(seed, `latency ${label}`));
  const draw = seededFraction(seed, `call ${label}`);
  return { ...drawFault(oddsOf[operation] ?? lookUpOdds, draw), delayMilliseconds };
}

/** An exception that no model of the API contains. */
const teapot = exceptionFault("SimulatorDefect", { status: 418, errorType: "Teapot", code: "Teapot" });

/**
 * Calls that take no effect: 6 % are refused, and 1 % break off. 401, 403 and 404 are not among them: the service then waits
 * minutes for a repair of the account, and the run would mostly be idle. A 400 is not among them either: `poisonOf` draws
 * those, and a person alone in a refused call would be rejected as the culprit.
 */
const refused: readonly Odds<Fault>[] = [
  { probability: 0.01, fault: exceptionFault("ThrottledClientException") },
  { probability: 0.005, fault: exceptionFault("ThrottledClientException", { retryAfterSeconds: 1 }) },
  { probability: 0.008, fault: exceptionFault("ServiceUnavailableException") },
  { probability: 0.007, fault: exceptionFault("ServiceFailureException") },
  { probability: 0.01, fault: exceptionFault("ResourceLimitExceededException") },
  { probability: 0.01, fault: exceptionFault("ConflictException") },
  { probability: 0.01, fault: teapot },
  { probability: 0.01, fault: resetFault("before") },
];

/** 2 % take effect, but their response is unreadable or quotes an address. */
const unreadable: readonly Odds<Fault>[] = [
  { probability: 0.01, fault: bodyFault("<html>somebody@example.com is done</html>") },
  { probability: 0.01, fault: bodyFault("null") },
];

const blamed = {
  UserId: "a-stranger",
  ErrorCode: "NotFound",
  ErrorMessage: "stranger@example.com: not found",
};
/** 2 % take effect, but their response names a user whom the call did not carry. */
const stranger: Odds<Fault> = { probability: 0.02, fault: userErrorsFault([blamed]) };

const lostOf = (probability: number): Odds<Fault> => ({ probability, fault: resetFault("after") });

const lookUpOdds: readonly Odds<Fault>[] = [...refused, ...unreadable, lostOf(0.03)];
const changeOdds: readonly Odds<Fault>[] = [...lookUpOdds, stranger];
const oddsOf: Readonly<Record<string, readonly Odds<Fault>[]>> = {
  BatchSuspendUser: changeOdds,
  BatchUnsuspendUser: changeOdds,
  BatchUpdateUser: changeOdds,
  // There are few of them, and they cannot be repeated. Their responses have no `UserErrors`.
  InviteUsers: [...refused, ...unreadable, lostOf(0.05)],
};

const permanentCodes = [
  "Forbidden",
  "AccessDenied",
  "BadRequest",
  "Unprocessable",
  "NotFound",
  "PhoneNumberAssociationsExist",
] as const satisfies readonly UserErrorCode[];

const operationsOnOneUser: readonly string[] = ["LogoutUser", "ResetPersonalPIN"];

/**
 * Codes for calls about one user, whose refusal is an exception. A 403 is not among them: it is about the caller's
 * permissions, so the service would wait until somebody repairs them, and in a run nobody does.
 */
const permanentCodesOfOneUser = [
  "BadRequest",
  "Unprocessable",
  "NotFound",
] as const satisfies readonly UserErrorCode[];

const transientCodes = [
  "Throttled",
  "Throttling",
  "ServiceUnavailable",
  "ServiceFailure",
  "Conflict",
] as const satisfies readonly UserErrorCode[];

/**
 * The code by which an operation always fails for this person; one in a hundred has one. A failed invitation has no code but
 * only the status `Failed`, which its caller cannot tell from a transient failure.
 */
export function permanentCode(seed: Seed, operation: string, address: string): UserErrorCode | undefined {
  const label = `permanent ${operation} ${address}`;
  if (seededFraction(seed, label) >= 0.01) return undefined;
  const codes = operationsOnOneUser.includes(operation) ? permanentCodesOfOneUser : permanentCodes;
  return choose<UserErrorCode>(codes, seed, `${label} code`);
}

/**
 * The fault of a person in the `nth` call of an operation that carries them, from 1. One in twenty fails this once, and one
 * in five of those is changed nevertheless. Not so an invitation: if it was mailed and reported as failed, its caller could
 * only mail it again.
 */
export function transientFault(
  seed: Seed,
  operation: string,
  address: string,
  nth: number,
): Extract<UserFaultKind, { kind: "userError" }> | undefined {
  const label = `transient ${operation} ${address} ${nth}`;
  if (seededFraction(seed, label) >= 0.05) return undefined;
  const takesEffect = operation !== "InviteUsers" && seededFraction(seed, `${label} effect`) < 0.2;
  return { kind: "userError", code: choose(transientCodes, seed, `${label} code`), takesEffect };
}

function choose<T>(choices: readonly [T, ...T[]], seed: Seed, label: string): T {
  return choices[Math.floor(seededFraction(seed, label) * choices.length)] ?? choices[0];
}

export type Poison = "BadRequestException" | "UnprocessableEntityException";

/**
 * The exception by which every call that carries this person is refused as a whole; one in two hundred has one. Their
 * decisions are never applied; those of others in their calls are, once the service has separated them.
 */
export function poisonOf(seed: Seed, address: string): Poison | undefined {
  const label = `poison ${address}`;
  if (seededFraction(seed, label) >= 0.005) return undefined;
  return seededFraction(seed, `${label} kind`) < 0.5 ? "BadRequestException" : "UnprocessableEntityException";
}

/** The exception names the person, as services do. The service's logs must not. */
function poisonFault(poison: Poison, address: string): Fault {
  const message = `cannot take "${address}" (${encodeURIComponent(address)})`;
  return exceptionFault(poison, { message });
}
