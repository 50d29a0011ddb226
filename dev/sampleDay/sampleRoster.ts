import { type SampleAccount, type SampleUser, sampleAccounts, sampleUsers } from "./sampleAccounts.ts";

/**
 * An HR system's export about the people of the sample accounts, as CSV. For nearly everybody it agrees with the directory;
 * some have left, come back, changed roles or are new, and a few users have no row.
 */
export function sampleRoster(): string {
  const rows = Object.values(sampleAccounts).flatMap((account) => sampleUsers(account).flatMap(rowsOf));
  const joiners = newcomers.flatMap(([{ domain, personPrefix }, count]) =>
    Array.from({ length: count }, (_, index) => {
      const number = 9001 + index;
      return `${personPrefix}${number},person${number}@${domain},Active,2026-05-11,,Europe/Berlin,engineer`;
    }),
  );
  return [headings, ...rows, ...joiners, ""].join("\n");
}

const headings = "Employee_ID,Work_Email,Status,Hire_Date,Termination_Date,Time_Zone,Job_Title";

/** How many people are new, by account. */
const newcomers: readonly [SampleAccount, number][] = [
  [sampleAccounts.team, 8],
  [sampleAccounts.lwa, 3],
];

function rowsOf({ personId, email, status, licenseType }: SampleUser, position: number): string[] {
  const ordinal = position + 1;
  if (ordinal % 401 === 0) return [];
  const role = ordinal % 151 === 0 ? "engineer" : roleOf(licenseType, email);
  const wasSuspended = status === "Suspended";
  // Every tenth of the suspended users is back.
  const isActive = wasSuspended ? ordinal % 10 === 0 : ordinal % 97 !== 0;
  const lastDay = wasSuspended ? "2025-12-31" : "2026-05-13";
  const state = isActive ? "Active,2020-01-01," : `Terminated,2020-01-01,${lastDay}`;
  return [`${personId},${email},${state},Pacific/Auckland,${role}`];
}

/** The policy of the sample day gives the third account no licenses. */
function roleOf(licenseType: SampleUser["licenseType"], email: string): string {
  return email.endsWith(sampleAccounts.directory.domain) ? "" : roleOfLicense[licenseType];
}

/** A role for which the policy of the sample day gives this license. */
const roleOfLicense = { Basic: "contractor", Plus: "sales", Pro: "engineer", ProTrial: "engineer" } as const;
