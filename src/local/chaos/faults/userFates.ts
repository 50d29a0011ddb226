import { type Seed, seededFraction } from "../../chime/seededValues.ts";
import type { UserFate } from "../../chime/userFaults.ts";
import type { UserErrorCode } from "../../chime/vocabulary.ts";

const permanentCodes = [
  "Forbidden",
  "AccessDenied",
  "BadRequest",
  "Unprocessable",
  "NotFound",
  "PhoneNumberAssociationsExist",
] as const satisfies readonly UserErrorCode[];

/**
 * A call about one user has no list of errors: its refusal is an exception. A 403 speaks of the caller's permissions there, so
 * the service waits for somebody to mend them, for as long as it takes; a run has nobody who would.
 */
const permanentCodesOfOneUser = [
  "BadRequest",
  "Unprocessable",
  "NotFound",
] as const satisfies readonly UserErrorCode[];

const transientCodes = [
  "Throttled",
  "Throttling",
  "ServiceUnavailable",
  "ServiceFailure",
  "Conflict",
] as const satisfies readonly UserErrorCode[];

/**
 * The code by which an operation fails for this person every time, for one in a hundred. An invitation carries no code:
 * it is `Failed` then, which its caller cannot tell from a failure that passes.
 */
export function permanentCode(seed: Seed, operation: string, address: string): UserErrorCode | undefined {
  const label = `permanent ${operation} ${address}`;
  if (seededFraction(seed, label) >= 0.01) return undefined;
  const codes = operation === "LogoutUser" ? permanentCodesOfOneUser : permanentCodes;
  return choose<UserErrorCode>(codes, seed, `${label} code`);
}

/**
 * What befalls a person in the `nth` call of an operation that carries them, from 1: one in twenty fails for this once,
 * and of those one in five is changed all the same. An invitation that was mailed does not say that it failed: nothing
 * would tell it from one that was not, and its caller could only mail again.
 */
export function transientFate(
  seed: Seed,
  operation: string,
  address: string,
  nth: number,
): Extract<UserFate, { kind: "userError" }> | undefined {
  const label = `transient ${operation} ${address} ${nth}`;
  if (seededFraction(seed, label) >= 0.05) return undefined;
  const takesEffect = operation !== "InviteUsers" && seededFraction(seed, `${label} effect`) < 0.2;
  return { kind: "userError", code: choose(transientCodes, seed, `${label} code`), takesEffect };
}

function choose<T>(choices: readonly [T, ...T[]], seed: Seed, label: string): T {
  return choices[Math.floor(seededFraction(seed, label) * choices.length)] ?? choices[0];
}
