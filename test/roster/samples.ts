import { toPolicyRules } from "../../src/policy/policyRules.ts";
import { mergeRows } from "../../src/roster/mergeRows.ts";
import { presenceAt } from "../../src/roster/presence.ts";
import type { NumberedRow } from "../../src/roster/readRoster.ts";
import type { RosterPerson } from "../../src/roster/rosterPerson.ts";
import { noon } from "../drain/samples.ts";

/** Samples of a roster's data: a test names what it is about, the rest is as usual. */

/** Ada of the account `team`, who is there. */
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
    ...given,
  };
}

/** The roster of noon. */
export function aRoster(rows: readonly NumberedRow[]) {
  return mergeRows(rows, presenceAt(noon, "UTC"));
}

/** As `runDrain` has it: `ada@team.example` belongs to the account `team`. */
export const rules = toPolicyRules({
  accounts: ["team", "lwa", "oidc"].map((id) => ({
    id,
    domains: [`${id}.example`],
    licensePerRole: { engineer: "Pro" },
  })),
});
