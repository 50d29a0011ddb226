import type { CarriedUser, ReceivedCall } from "@rollcall/chime-simulator/callLog";
import type { UserErrorCode } from "@rollcall/chime-simulator/chimeApi";
import { drawFault, type Odds, type UserFaultKind } from "@rollcall/chime-simulator/faultPlans";
import {
  bodyFault,
  exceptionFault,
  type Fault,
  type FaultPlan,
  resetFault,
  type UserFault,
  userErrorsFault,
} from "@rollcall/chime-simulator/scriptedFault";
import { type Seed, seededFraction } from "@rollcall/chime-simulator/seededValues";

/** A call that the simulator received, and its fault. */
interface StruckCall {
  call: ReceivedCall;
  fault: Fault;
}

export interface ChimeFaults {
  plan: FaultPlan;
  /** By the call's sequence number. */
  struck: ReadonlyMap<number, StruckCall>;
}

/**
 * The faults of Chime: users who fail once or always, calls refused for one entry or for none, unreadable answers,
 * connections broken before and after a call took effect, and slow calls.
 * Each fault depends on the seed, on how often a person was in a call, and on the number of the call. So the same
 * seed asks for the same faults, whatever the order of calls.
 *
 * @param onCall called with each call as it arrives
 */
export function chimeFaults(seed: Seed, onCall: (call: ReceivedCall) => void): ChimeFaults {
  const struck = new Map<number, StruckCall>();
  const carried = new Map<string, number>();
  const called = new Map<string, number>();
  const plan: FaultPlan = (call) => {
    const nth = countUp(called, call.operation);
    const users = call.users.flatMap((user) => userFaultsOf(seed, user, call, carried));
    // The refusal of a person takes precedence; otherwise a lost answer would let the call take effect.
    const fault = { ...callFault(seed, call.operation, nth), ...poisoned(seed, call), users };
    struck.set(call.sequence, { call, fault });
    onCall(call);
    return fault;
  };
  return { plan, struck };
}

function poisoned(seed: Seed, { users }: ReceivedCall): Fault | undefined {
  for (const address of users.map(addressOf)) {
    const poison = poisonOf(seed, address);
    if (poison !== undefined) return poisonFault(poison, address);
  }
  return undefined;
}

function userFaultsOf(
  seed: Seed,
  user: CarriedUser,
  { operation }: ReceivedCall,
  carried: Map<string, number>,
): UserFault[] {
  const address = addressOf(user);
  const nth = countUp(carried, `${operation} ${address}`);
  const code = permanentCode(seed, operation, address);
  const fault =
    code === undefined
      ? transientFault(seed, operation, address, nth)
      : ({ kind: "userError", code } as const);
  return fault === undefined ? [] : [{ ...fault, sent: user.sent, message: `not for ${address}` }];
}

function addressOf({ email, sent }: CarriedUser): string {
  return (email ?? sent).toLowerCase();
}

function countUp(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}

/** Returns the fault of the `nth` call of an operation as a whole, from 1, with its latency. */
export function callFault(seed: Seed, operation: string, nth: number): Fault {
  const label = `${operation} ${nth}`;
  const delayMilliseconds = 20 + Math.floor(200 * seededFraction(seed, `latency ${label}`));
  const draw = seededFraction(seed, `call ${label}`);
  return { ...drawFault(oddsOf[operation] ?? ofLooks, draw), delayMilliseconds };
}

/** An exception that no model of the API knows. */
const teapot = exceptionFault("SimulatorDefect", { status: 418, errorType: "Teapot", code: "Teapot" });

/**
 * Faults without effect: 6 % refused, 1 % disconnected.
 * 401, 403 and 404 are left out: the service then waits for an operator to correct the account, and the back-off of
 * minutes would leave a run idle. A 400 without a reason is left out too: a person alone in such a call would be
 * taken for the cause, and `poisonOf` covers that case.
 */
const refused: readonly Odds[] = [
  { probability: 0.01, fault: exceptionFault("ThrottledClientException") },
  { probability: 0.005, fault: exceptionFault("ThrottledClientException", { retryAfterSeconds: 1 }) },
  { probability: 0.008, fault: exceptionFault("ServiceUnavailableException") },
  { probability: 0.007, fault: exceptionFault("ServiceFailureException") },
  { probability: 0.01, fault: exceptionFault("ResourceLimitExceededException") },
  { probability: 0.01, fault: exceptionFault("ConflictException") },
  { probability: 0.01, fault: teapot },
  { probability: 0.01, fault: resetFault("before") },
];

/** Faults with effect whose answer is unreadable, or quotes a person: 2 %. */
const unreadable: readonly Odds[] = [
  { probability: 0.01, fault: bodyFault("<html>somebody@example.com is done</html>") },
  { probability: 0.01, fault: bodyFault("null") },
];

const blamed = {
  UserId: "a-stranger",
  ErrorCode: "NotFound",
  ErrorMessage: "stranger@example.com: not found",
};
/** A fault with effect whose answer names a user whom the call did not carry: 2 %. */
const stranger: Odds = { probability: 0.02, fault: userErrorsFault([blamed]) };

const lostOf = (probability: number): Odds => ({ probability, fault: resetFault("after") });

const ofLooks: readonly Odds[] = [...refused, ...unreadable, lostOf(0.03)];
const ofChanges: readonly Odds[] = [...ofLooks, stranger];
const oddsOf: Readonly<Record<string, readonly Odds[]>> = {
  BatchSuspendUser: ofChanges,
  BatchUnsuspendUser: ofChanges,
  BatchUpdateUser: ofChanges,
  // Invitations are few and cannot be repeated. Their answers have no `UserErrors`.
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

/**
 * A call about one user has no list of errors, so its refusal is an exception. A 403 would concern the caller's
 * permissions; the service waits until an operator grants them, and a run has no operator.
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
 * Returns the code by which an operation fails for this person every time: one person in a hundred. A failed
 * invitation has no code: it is `Failed`, which its caller cannot tell from a failure that passes.
 */
export function permanentCode(seed: Seed, operation: string, address: string): UserErrorCode | undefined {
  const label = `permanent ${operation} ${address}`;
  if (seededFraction(seed, label) >= 0.01) return undefined;
  const codes = operation === "LogoutUser" ? permanentCodesOfOneUser : permanentCodes;
  return choose<UserErrorCode>(codes, seed, `${label} code`);
}

/**
 * Returns the fault of a person in the `nth` call of an operation that carries them, from 1. One in twenty fails
 * once, and one in five of those is changed all the same. An invitation that was mailed never reports a failure: its
 * caller could not know, and would mail again.
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
 * Returns the exception by which every call with this person is refused as a whole: one person in two hundred. They
 * are never changed; others in their calls are, once they are sent without them.
 */
export function poisonOf(seed: Seed, address: string): Poison | undefined {
  const label = `poison ${address}`;
  if (seededFraction(seed, label) >= 0.005) return undefined;
  return seededFraction(seed, `${label} kind`) < 0.5 ? "BadRequestException" : "UnprocessableEntityException";
}

/** Makes the refusal. It names the person, as services do, so logs must mask it. */
function poisonFault(poison: Poison, address: string): Fault {
  const message = `cannot take "${address}" (${encodeURIComponent(address)})`;
  return exceptionFault(poison, { message });
}
