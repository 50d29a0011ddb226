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

/** What was done to a call that the simulator received. */
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
 * What goes wrong at Chime: single users for a while or for good, calls refused for one poisonous entry or for none,
 * answers that say nothing, connections broken before and after a call took effect, and every call slow. All of it follows
 * from the seed and from whom a call carries for how many times, or which call of its operation it is, so that the same
 * seed asks for the same trouble whatever overtakes what.
 *
 * @param onCall told of each call as it arrives
 */
export function chimeFaults(seed: Seed, onCall: (call: ReceivedCall) => void): ChimeFaults {
  const struck = new Map<number, StruckCall>();
  const carried = new Map<string, number>();
  const called = new Map<string, number>();
  const plan: FaultPlan = (call) => {
    const nth = countUp(called, call.operation);
    const users = call.users.flatMap((user) => fateOf(seed, user, call, carried));
    // Poison goes before all else, or a lost answer would let it take effect.
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

function fateOf(
  seed: Seed,
  user: CarriedUser,
  { operation }: ReceivedCall,
  carried: Map<string, number>,
): UserFault[] {
  const address = addressOf(user);
  const nth = countUp(carried, `${operation} ${address}`);
  const code = permanentCode(seed, operation, address);
  const fate =
    code === undefined
      ? transientFate(seed, operation, address, nth)
      : ({ kind: "userError", code } as const);
  return fate === undefined ? [] : [{ ...fate, sent: user.sent, message: `not for ${address}` }];
}

function addressOf({ email, sent }: CarriedUser): string {
  return (email ?? sent).toLowerCase();
}

function countUp(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}

/** The fault of the `nth` call of an operation as a whole, from 1, and how long it takes. */
export function callFault(seed: Seed, operation: string, nth: number): Fault {
  const label = `${operation} ${nth}`;
  const delayMilliseconds = 20 + Math.floor(200 * seededFraction(seed, `latency ${label}`));
  const draw = seededFraction(seed, `call ${label}`);
  return { ...drawFault(oddsOf[operation] ?? ofLooks, draw), delayMilliseconds };
}

/** No model of the API knows it. */
const teapot = exceptionFault("SimulatorDefect", { status: 418, errorType: "Teapot", code: "Teapot" });

/**
 * Refused, 6 %, and cut off, 1 %: nothing happens. Not among them are 401, 403 and 404, after which the service waits
 * for somebody to mend the account: their back-off is minutes, and a run in quick motion would be idle for most of its
 * time. Nor is a 400 for no reason: a refused call is what `poison.ts` is about, and whoever stood alone in one would be
 * taken for poisonous, as well they may.
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

/** 2 % that took effect, and whose answer says nothing, or quotes somebody. */
const unreadable: readonly Odds[] = [
  { probability: 0.01, fault: bodyFault("<html>somebody@example.com is done</html>") },
  { probability: 0.01, fault: bodyFault("null") },
];

const blamed = {
  UserId: "a-stranger",
  ErrorCode: "NotFound",
  ErrorMessage: "stranger@example.com: not found",
};
/** 2 % that took effect, and whose answer blames somebody whom the call did not carry. */
const stranger: Odds = { probability: 0.02, fault: userErrorsFault([blamed]) };

const lostOf = (probability: number): Odds => ({ probability, fault: resetFault("after") });

const ofLooks: readonly Odds[] = [...refused, ...unreadable, lostOf(0.03)];
const ofChanges: readonly Odds[] = [...ofLooks, stranger];
const oddsOf: Readonly<Record<string, readonly Odds[]>> = {
  BatchSuspendUser: ofChanges,
  BatchUnsuspendUser: ofChanges,
  BatchUpdateUser: ofChanges,
  // They are few, and cannot be repeated. Their answers have no `UserErrors`.
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
 * A call about one user has no list of errors: its refusal is an exception. A 403 speaks of the caller's permissions there, so
 * the service waits for somebody to mend them, for as long as it takes; a run has nobody who would.
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
 * The code by which an operation fails for this person every time, for one in a hundred. An invitation carries no code:
 * it is `Failed` then, which its caller cannot tell from a failure that passes.
 */
export function permanentCode(seed: Seed, operation: string, address: string): UserErrorCode | undefined {
  const label = `permanent ${operation} ${address}`;
  if (seededFraction(seed, label) >= 0.01) return undefined;
  const codes = operation === "LogoutUser" ? permanentCodesOfOneUser : permanentCodes;
  return choose<UserErrorCode>(codes, seed, `${label} code`);
}

/**
 * What befalls a person in the `nth` call of an operation that carries them, from 1: one in twenty fails for this once,
 * and of those one in five is changed all the same. An invitation that was mailed does not say that it failed: nothing
 * would tell it from one that was not, and its caller could only mail again.
 */
export function transientFate(
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
 * The exception by which every call that carries this person is refused as a whole, for one in two hundred: they are
 * never served, and whoever shares their calls is, once they stand alone.
 */
export function poisonOf(seed: Seed, address: string): Poison | undefined {
  const label = `poison ${address}`;
  if (seededFraction(seed, label) >= 0.005) return undefined;
  return seededFraction(seed, `${label} kind`) < 0.5 ? "BadRequestException" : "UnprocessableEntityException";
}

/** The refusal names whom it means, as services do: what is logged of it must not. */
function poisonFault(poison: Poison, address: string): Fault {
  const message = `cannot take "${address}" (${encodeURIComponent(address)})`;
  return exceptionFault(poison, { message });
}
