import { toPolicyRules } from "../../src/policy/policyRules.ts";
import { mergeRows, presenceAt, type RosterPerson } from "../../src/reconcile/mergeRows.ts";
import type { NumberedRow } from "../../src/reconcile/reading/completeRows.ts";
import { type FakeDirectory, fakeDirectory } from "../directory/fakeDirectory.ts";
import { type aUser, noon } from "../provisioning/samples.ts";

// Samples of a roster's data: a test names what it is about, the rest is as usual.

/** Ada of the account `team`, who is present. */
export function aRow(given: Partial<NumberedRow> = {}): NumberedRow {
  return { number: 2, personId: "p-1", email: "ada@team.example", ...given };
}

export function aRosterPerson(given: Partial<RosterPerson> = {}): RosterPerson {
  return {
    number: 2,
    personId: "p-1",
    email: "ada@team.example",
    previousEmails: [],
    otherEmails: [],
    presence: "present",
    role: undefined,
    licenseType: undefined,
    attributes: undefined,
    profile: undefined,
    ...given,
  };
}

/** The roster of noon. */
export function aRoster(rows: readonly NumberedRow[]) {
  return mergeRows(rows, presenceAt(noon, "UTC"));
}

/** As `runBatch` has it: `ada@team.example` belongs to the account `team`. */
export const rules = toPolicyRules({
  accounts: ["team", "lwa", "oidc"].map((id) => ({
    id,
    domains: [`${id}.example`],
    licensePerRole: { engineer: "Pro" },
  })),
});

/** The three accounts, with these users of `team` and `lwa`, and one of `oidc`. */
export function aDirectory(users: readonly ReturnType<typeof aUser>[]): FakeDirectory {
  const of = (domain: string) => users.filter(({ email }) => email.endsWith(domain));
  return fakeDirectory([
    { accountId: "team", type: "Team", users: of("@team.example") },
    { accountId: "lwa", type: "EnterpriseLWA", users: of("@lwa.example") },
    { accountId: "oidc", type: "EnterpriseOIDC", users: of("@oidc.example") },
  ]);
}
