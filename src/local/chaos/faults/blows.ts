import { type Seed, seededFraction } from "../../chime/seededValues.ts";

/** When the process of an invocation is killed. */
export type Blow =
  /** So long after it was handed its batch. */
  | { kind: "afterStart"; milliseconds: number }
  /** So long after the `nth` call that changes the directory, from 1, reached Chime: in it, or while it is settled. */
  | { kind: "afterCall"; nth: number; milliseconds: number };

/** Of the invocations of a function the `nth`, from 1: one in five is to die. */
export function blow(seed: Seed, functionName: string, nth: number): Blow | undefined {
  const label = `kill ${functionName} ${nth}`;
  if (seededFraction(seed, label) >= 0.2) return undefined;
  const draw = (what: string, below: number) => Math.floor(seededFraction(seed, `${label} ${what}`) * below);
  return draw("kind", 3) === 0
    ? { kind: "afterStart", milliseconds: draw("milliseconds", 1500) }
    : { kind: "afterCall", nth: 1 + draw("nth", 2), milliseconds: draw("milliseconds", 600) };
}
