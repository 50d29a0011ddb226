import type { UserFaultKind } from "../../../packages/chime-simulator/faultPlans.ts";
import type { Fault, FaultPlan } from "../../../packages/chime-simulator/scriptedFault.ts";
import { personOf, type Row, type Trouble } from "./runMatrix.ts";

/** A trouble, and what must come of it. */
export interface Case extends Trouble, Row {}

/** Every person meets the fault `count` times, whoever shares their calls. */
export function meets(count: number, fault: Fault): FaultPlan {
  const met = new Map<string, number>();
  return ({ users }) => {
    if (users.every(({ sent }) => (met.get(sent) ?? 0) >= count)) return undefined;
    for (const { sent } of users) met.set(sent, (met.get(sent) ?? 0) + 1);
    return fault;
  };
}

/** Strikes each call that carries `b`. */
export function withB(fault: Fault): FaultPlan {
  return ({ users }) => (users.some(({ sent }) => personOf(sent) === "b") ? fault : undefined);
}

/** `b` fails alone, in each call. */
export function onB(fate: UserFaultKind): FaultPlan {
  return ({ users }) => {
    const b = users.find(({ sent }) => personOf(sent) === "b");
    return b === undefined ? undefined : { users: [{ ...fate, sent: b.sent }] };
  };
}

/** `a` and `b` are served, after so many calls for each. */
export function served(a: number, b: number): Row {
  return { asked: { a, b }, journal: { a: "applied", b: "applied" }, dead: {} };
}

/** `a` is served at once; `b` is a dead letter for this reason, after so many calls. */
export function bRejected(code: string, b: number): Row {
  return { asked: { a: 1, b }, journal: { a: "applied", b: "rejected" }, dead: { b: code } };
}

/** What is expected of each case. */
export function rowsOf<Name extends string>(cases: Record<Name, Case>): Record<string, Row> {
  const rows = Object.entries<Case>(cases).map(([name, { asked, journal, dead }]): [string, Row] => [
    name,
    { asked, journal, dead },
  ]);
  return Object.fromEntries(rows);
}
