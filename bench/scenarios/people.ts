import type { PopulatedAccount } from "@rollcall/chime-simulator/seedDirectory";
import type { Policy } from "../../src/policy/policy.ts";

const accountId = "lwa-bench";
const domain = "bench.example";

/** The license that a relicense asks for. Everyone has another one before. */
export const wantedLicense = "Pro";

/** The policy that puts everyone of the bench into its one account. All of them may leave at once there. */
export const benchPolicy: Policy = {
  safeguard: false,
  accounts: [{ id: accountId, domains: [domain], licensePerRole: {} }],
};

export interface Person {
  userId: string;
  personId: string;
  email: string;
}

/** The person with that ordinal, from 1. Ids have the length of real ones, because it is their bytes that travel. */
export function personOf(ordinal: number): Person {
  const number = String(ordinal).padStart(8, "0");
  return {
    userId: `00000000-0000-4000-8000-0000${number}`,
    personId: `P-${number}`,
    email: `person${number}@${domain}`,
  };
}

/** The account as the simulator is seeded with it. */
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
