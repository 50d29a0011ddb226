import { hash } from "node:crypto";

/** The seed of a run. The same seed gives the same values. */
export type Seed = string | number;

const hexDigitsOfAFraction = 13; // 52 bits, the most that a double in [0, 1) holds exactly

/**
 * Returns a number in [0, 1) that depends on `seed` and `label` alone. It is a hash and not a generator with a state,
 * so the draw for the n-th call does not depend on other draws.
 */
export function seededFraction(seed: Seed, label: string): number {
  return Number.parseInt(digest(seed, label).slice(0, hexDigitsOfAFraction), 16) / 16 ** hexDigitsOfAFraction;
}

/** Returns a UUID that depends on `seed` and `label` alone. */
export function seededUuid(seed: Seed, label: string): string {
  const hex = digest(seed, label);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

function digest(seed: Seed, label: string): string {
  return hash("sha256", `${seed}\n${label}`, "hex");
}
