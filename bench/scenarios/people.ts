import type { PopulatedAccount } from "@rollcall/chime-simulator/seedDirectory";
import type { Policy } from "../../src/policy/policy.ts";

const accountId = "lwa-bench";
const domain = "bench.example";

/** The license that license changes ask for. Everyone has another one before. */
export const wantedLicense = "Pro";

/** A policy with the one account of the bench. Its safeguard is off, so that everyone may leave at once. */
export const benchPolicy: Policy = {
  safeguard: false,
  accounts: [{ id: accountId, domains: [domain], licensePerRole: {} }],
};

export interface Person {
  userId: string;
  personId: string;
  email: string;
}

/** The person with that ordinal, from 1. Ids have the length of real ones, because their bytes are sent. */
export function personOf(ordinal: number): Person {
  const number = String(ordinal).padStart(8, "0");
  return {
    userId: `00000000-0000-4000-8000-0000${number}`,
    personId: `P-${number}`,
    email: `person${number}@${domain}`,
  };
}

/** The account as a seed of the simulator. */
export function benchAccount(users: number): PopulatedAccount & { people: object[] } {
  const people = Array.from({ length: users }, (_, index) => {
    const { userId, email } = personOf(index + 1);
    return { id: userId, email };
  });
  return {
    id: accountId,
    type: "EnterpriseLWA",
    supportedLicenses: ["Basic", wantedLicense],
    defaultLicense: "Basic",
    people,
  };
}
