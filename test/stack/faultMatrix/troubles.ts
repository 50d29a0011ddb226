import type { UserFaultKind } from "../../../packages/chime-simulator/faultPlans.ts";
import type { Fault, FaultPlan } from "../../../packages/chime-simulator/scriptedFault.ts";
import { personOf, type Row, type Trouble } from "./runMatrix.ts";

/** A fault with its events, and the expected result. */
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

/** A fault of each call that carries `b`. */
export function withB(fault: Fault): FaultPlan {
  return ({ users }) => (users.some(({ sent }) => personOf(sent) === "b") ? fault : undefined);
}

/** `b` fails alone, in each call. */
export function onB(userFault: UserFaultKind): FaultPlan {
  return ({ users }) => {
    const b = users.find(({ sent }) => personOf(sent) === "b");
    return b === undefined ? undefined : { users: [{ ...userFault, sent: b.sent }] };
  };
}

/** `a` and `b` are applied, after so many calls for each. */
export function served(a: number, b: number): Row {
  return { asked: { a, b }, journal: { a: "applied", b: "applied" }, dead: {} };
}

/** `a` is applied at the first call; `b` is a dead letter with this code, after so many calls. */
export function bRejected(code: string, b: number): Row {
  return { asked: { a: 1, b }, journal: { a: "applied", b: "rejected" }, dead: { b: code } };
}

/** The expected result of each case. */
export function rowsOf<Name extends string>(cases: Record<Name, Case>): Record<string, Row> {
  const rows = Object.entries<Case>(cases).map(([name, { asked, journal, dead }]): [string, Row] => [
    name,
    { asked, journal, dead },
  ]);
  return Object.fromEntries(rows);
}

/**
 * A row in which nobody was asked for less often than expected, nor more than twice as often, with the expected counts. On a busy
 * machine an invocation may run out of time, and what it had not come to is asked for once more.
 */
export function orAskedOnceMore(row: Row, expected: Row): Row {
  const isAlike = Object.entries(expected.asked).every(([person, times]) => {
    const asked = row.asked[person] ?? 0;
    return asked >= times && asked <= 2 * times;
  });
  return isAlike ? { ...row, asked: expected.asked } : row;
}
