import type { CarriedUser, ReceivedCall } from "@rollcall/scim-simulator/scimCallLog";
import {
  type Fault,
  type FaultPlan,
  resetFault,
  scimErrorFault,
  throttledFault,
  type UserFault,
} from "@rollcall/scim-simulator/scimFaults";
import { drawFault, type Odds } from "@rollcall/simulated-service/planCombinators";
import { type Seed, seededFraction } from "@rollcall/simulated-service/seededDraws";

export interface ScimFaults {
  plan: FaultPlan;
  /** The faults so far, by the call's sequence number. */
  injected: ReadonlyMap<number, Fault>;
  /** The addresses of those about whom a call lied, by its request id. */
  lies: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A target that answers to changes as if they were made, and makes none. Users whom it creates are there. */
export interface ScimLies {
  /** One user in so many, always the same ones. */
  oneIn: number;
  /** Only in bulk requests. */
  bulkOnly?: true;
}

/**
 * The faults of a SCIM target: single users that fail once or always, calls refused as a whole, connections that break before or
 * after a call took effect, and latency. A fault follows from the seed, from the user and how often a call carried them, and from the
 * number of the call among those of its operation.
 *
 * @param addressOf the address of a user whom a call carries
 * @param liesOf what the tenant of a call lies about
 */
export function scimFaults(
  seed: Seed,
  addressOf: (user: CarriedUser, call: ReceivedCall) => string,
  liesOf: (call: ReceivedCall) => ScimLies | undefined,
  onCall: (call: ReceivedCall) => void,
): ScimFaults {
  const injected = new Map<number, Fault>();
  const lies = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  const next = (label: string) => {
    const nth = (counts.get(label) ?? 0) + 1;
    counts.set(label, nth);
    return nth;
  };
  const plan: FaultPlan = (call) => {
    const users = call.users.flatMap((user): UserFault[] => {
      const address = addressOf(user, call);
      const nth = next(`user ${address}`);
      if (isLie(seed, liesOf(call), user, call, address)) {
        lies.set(call.requestId, (lies.get(call.requestId) ?? new Set()).add(address));
        return [{ kind: "silent", answer: "noContent", sent: user.sent }];
      }
      const fault = userFault(seed, address, nth);
      return fault === undefined ? [] : [{ ...fault, sent: user.sent }];
    });
    const fault = { ...scimCallFault(seed, call.operation, next(call.operation)), users };
    injected.set(call.sequence, fault);
    onCall(call);
    return fault;
  };
  return { plan, injected, lies };
}

function isLie(
  seed: Seed,
  lies: ScimLies | undefined,
  { method }: CarriedUser,
  { operation }: ReceivedCall,
  address: string,
): boolean {
  // Whom it always refuses, it refuses openly.
  if (lies === undefined || refusedStatus(seed, address) !== undefined) return false;
  if (method !== "PATCH" || (lies.bulkOnly && operation !== "bulk")) return false;
  return seededFraction(seed, `scim lie ${address}`) < 1 / lies.oneIn;
}

/** The fault of the `nth` call of an operation as a whole, from 1, and its latency. */
export function scimCallFault(seed: Seed, operation: string, nth: number): Fault {
  const label = `${operation} ${nth}`;
  const delayMilliseconds = 20 + Math.floor(200 * seededFraction(seed, `scim latency ${label}`));
  const odds = operation === "create" ? createOdds : otherOdds;
  return { ...drawFault(odds, seededFraction(seed, `scim call ${label}`)), delayMilliseconds };
}

/** The status by which the target always refuses to change this user; one in a hundred has one. */
export function refusedStatus(seed: Seed, address: string): number | undefined {
  return seededFraction(seed, `scim permanent ${address}`) < 0.01 ? 400 : undefined;
}

const transientStatuses = [429, 500, 503] as const;

function userFault(seed: Seed, address: string, nth: number) {
  const permanent = refusedStatus(seed, address);
  if (permanent !== undefined) return { kind: "error", status: permanent, scimType: "invalidValue" } as const;
  return transientScimFault(seed, address, nth);
}

/** One user in twenty fails this once, and one in five of those is changed nevertheless. */
export function transientScimFault(seed: Seed, address: string, nth: number) {
  const label = `scim transient ${address} ${nth}`;
  if (seededFraction(seed, label) >= 0.05) return undefined;
  const place = Math.floor(seededFraction(seed, `${label} status`) * transientStatuses.length);
  const takesEffect = seededFraction(seed, `${label} effect`) < 0.2;
  return { kind: "error", status: transientStatuses[place] ?? 503, takesEffect } as const;
}

/** A 401, 403, or 404 is not among them: the service then waits minutes for a repair of the target. */
const refused: readonly Odds<Fault>[] = [
  { probability: 0.01, fault: throttledFault() },
  { probability: 0.005, fault: throttledFault(1) },
  { probability: 0.01, fault: scimErrorFault(503) },
  { probability: 0.01, fault: scimErrorFault(500) },
  { probability: 0.01, fault: resetFault("before") },
];
const otherOdds: readonly Odds<Fault>[] = [...refused, { probability: 0.03, fault: resetFault("after") }];
/** A user who was made and whose answer was lost is found again by the name. */
const createOdds: readonly Odds<Fault>[] = [...refused, { probability: 0.05, fault: resetFault("after") }];
