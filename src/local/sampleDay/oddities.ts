import type { Cast } from "./cast.ts";
import { type Draft, HOUR_SECONDS } from "./draft.ts";
import { sampleAccounts, sampleUser } from "./sampleAccounts.ts";

/** Valid events that real feeds hold as well, and that not every consumer expects. */
export function oddities(team: Cast, lwa: Cast): Draft[] {
  const untimed = [
    ...unknownPeople(),
    ...unsupportedLicenses(team, lwa),
    ...outOfScope(),
    ...oddData(team, lwa),
  ];
  return untimed.map((draft, index) => ({ ...draft, second: 8 * HOUR_SECONDS + index * 1500 }));
}

type Untimed = Omit<Draft, "second">;

/** HR knows them, and no directory does. */
function unknownPeople(): Untimed[] {
  const unknown = (number: number, domain: string) => ({
    personId: `P-X000${number}`,
    email: `never.registered${number}@${domain}`,
  });
  return [
    { type: "EmployeeLeft", person: unknown(1, "example.com") },
    { type: "EmployeeLeft", person: unknown(2, "example.com") },
    { type: "EmployeeLeft", person: unknown(3, "example.org") },
    { type: "LicenseChanged", person: unknown(4, "example.com"), data: { licenseType: "Pro" } },
    { type: "LicenseChanged", person: unknown(5, "example.org"), data: { licenseType: "Basic" } },
  ];
}

function unsupportedLicenses(team: Cast, lwa: Cast): Untimed[] {
  const data = { licenseType: "ProTrial" };
  return [
    { type: "LicenseChanged", person: team.registered(), data },
    { type: "LicenseChanged", person: lwa.registered(), data },
  ];
}

/** An account whose access is managed elsewhere, and a domain that belongs to no account. */
function outOfScope(): Untimed[] {
  return [
    { type: "EmployeeLeft", person: sampleUser(sampleAccounts.directory, 3) },
    { type: "EmployeeLeft", person: { personId: "P-V0001", email: "visitor@partner.test" } },
  ];
}

/** Fields that the schema does not know, an address in another case, and one that has changed. */
function oddData(team: Cast, lwa: Cast): Untimed[] {
  const recased = team.registered();
  const renamed = team.registered();
  return [
    {
      type: "EmployeeLeft",
      person: lwa.registered(),
      unknownFields: { costCentre: 4711, manager: { level: 3 } },
    },
    { type: "EmployeeLeft", person: { ...recased, email: recased.email.replace(/^p|example/g, capitalise) } },
    {
      type: "LicenseChanged",
      person: { personId: renamed.personId, email: `lin.marsh@${team.account.domain}` },
      data: { previousEmails: [renamed.email], licenseType: "Pro" },
    },
  ];
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
