import type { Fault, FaultPlan, UserFault } from "../../chime/fault.ts";
import type { CarriedUser, ReceivedCall } from "../../chime/receivedCall.ts";
import type { Seed } from "../../chime/seededValues.ts";
import { callFault } from "./callFault.ts";
import { poisonFault, poisonOf } from "./poison.ts";
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
