import { hash } from "node:crypto";

/** What the deterministic values of a run follow from; the same seed gives the same run. */
export type Seed = string | number;

const hexDigitsOfAFraction = 13; // 52 bits, the most that a double in [0, 1) holds exactly

/**
 * A number in [0, 1) that depends on nothing but `seed` and `label`. A hash and not a generator with a state:
 * the draw for the n-th call stays the same however many other draws came before it.
 */
export function seededFraction(seed: Seed, label: string): number {
  return Number.parseInt(digest(seed, label).slice(0, hexDigitsOfAFraction), 16) / 16 ** hexDigitsOfAFraction;
}

/** A UUID that depends on nothing but `seed` and `label`. */
export function seededUuid(seed: Seed, label: string): string {
  const hex = digest(seed, label);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

/** A personal meeting PIN: ten digits, the first not zero. */
export function seededPin(seed: Seed, label: string): string {
  return String(1e9 + Math.floor(seededFraction(seed, label) * 9e9));
}

function digest(seed: Seed, label: string): string {
  return hash("sha256", `${seed}\n${label}`, "hex");
}
