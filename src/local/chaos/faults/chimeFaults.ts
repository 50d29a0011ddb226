import type { Fault, FaultPlan } from "../../chime/fault.ts";
import { exceptionFault, resetFault } from "../../chime/faultValues.ts";
import type { CarriedUser, ReceivedCall } from "../../chime/receivedCall.ts";
import { type Seed, seededFraction } from "../../chime/seededValues.ts";
import { permanentCode, transientFate } from "./userFates.ts";

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
 * What goes wrong at Chime: single users for a while or for good, calls refused, connections broken before and after a
 * call took effect, and every call slow. All of it follows from the seed and from whom a call carries for how many times,
 * or which call of its operation it is, so that the same seed asks for the same trouble whatever overtakes what.
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
    const fault = { ...callFault(seed, call.operation, nth), users };
    struck.set(call.sequence, { call, fault });
    onCall(call);
    return fault;
  };
  return { plan, struck };
}

/** The fault of the `nth` call of an operation as a whole, from 1, and how long it takes. */
export function callFault(seed: Seed, operation: string, nth: number): Fault {
  const label = `${operation} ${nth}`;
  const delayMilliseconds = 20 + Math.floor(200 * seededFraction(seed, `latency ${label}`));
  return { ...drawCallFault(seededFraction(seed, `call ${label}`), operation), delayMilliseconds };
}

/** 3 % refused, 3 % whose answer is lost though they took effect, 1 % cut off before they did. */
function drawCallFault(draw: number, operation: string): Fault {
  if (draw < 0.01) return exceptionFault("ThrottledClientException");
  if (draw < 0.015) return exceptionFault("ThrottledClientException", { retryAfterSeconds: 1 });
  if (draw < 0.023) return exceptionFault("ServiceUnavailableException");
  if (draw < 0.03) return exceptionFault("ServiceFailureException");
  if (draw < 0.04) return resetFault("before");
  const lost = operation === "InviteUsers" ? 0.09 : 0.07;
  return draw < lost ? resetFault("after") : {};
}

function fateOf(seed: Seed, user: CarriedUser, call: ReceivedCall, carried: Map<string, number>) {
  const address = (user.email ?? user.sent).toLowerCase();
  const nth = countUp(carried, `${call.operation} ${address}`);
  const code = permanentCode(seed, call.operation, address);
  const fate =
    code === undefined
      ? transientFate(seed, call.operation, address, nth)
      : ({ kind: "userError", code } as const);
  return fate === undefined ? [] : [{ ...fate, sent: user.sent }];
}

function countUp(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}
