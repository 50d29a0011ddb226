import type { PopulatedAccount } from "../../src/local/chime/seedDirectory.ts";

const addressOf = (ordinal: number) => `person${ordinal}@company.example`;
const ordinals = (people: number) => Array.from({ length: people }, (_, index) => index + 1);

/** The account of a company of so many people, all of them registered. */
export function rosterAccount(people: number): PopulatedAccount {
  return {
    id: "company",
    type: "EnterpriseLWA",
    people: ordinals(people).map((ordinal) => ({ id: `u-${ordinal}`, email: addressOf(ordinal) })),
  };
}

/** Its HR system's export: one in a hundred has left, one in fifty has a new role. */
export function companyRoster(people: number): string {
  const rows = ordinals(people).map((ordinal) => {
    const [status, lastDay] = ordinal % 100 === 0 ? ["Terminated", "2026-05-13"] : ["Active", ""];
    const role = ordinal % 50 === 1 ? "engineer" : "contractor";
    return `P-${ordinal},${addressOf(ordinal)},${status},2020-01-01,${lastDay},Pacific/Auckland,${role}`;
  });
  return ["Employee_ID,Work_Email,Status,Hire_Date,Termination_Date,Time_Zone,Job_Title", ...rows, ""].join(
    "\n",
  );
}

export const companyPolicy = `accounts:
  - {id: company, domains: [company.example], licensePerRole: {engineer: Pro, contractor: Basic}}
`;
