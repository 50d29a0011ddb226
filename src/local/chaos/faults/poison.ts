import type { Fault } from "../../chime/fault.ts";
import { exceptionFault } from "../../chime/faultValues.ts";
import { type Seed, seededFraction } from "../../chime/seededValues.ts";

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
export function poisonFault(poison: Poison, address: string): Fault {
  const message = `cannot take "${address}" (${encodeURIComponent(address)})`;
  return exceptionFault(poison, { message });
}
