import { drawFault, type Odds } from "../../chime/drawFault.ts";
import type { Fault } from "../../chime/fault.ts";
import { bodyFault, exceptionFault, resetFault, userErrorsFault } from "../../chime/faultValues.ts";
import { type Seed, seededFraction } from "../../chime/seededValues.ts";

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
