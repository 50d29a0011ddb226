import type { RosterField } from "../../policy/rosterSettings.ts";

/** The export of an HR system, or of a directory, in the form that its own page documents. */
export interface RosterPreset {
  name: string;
  /** The page that gives the headings. */
  page: string;
  /** Headings that are all there, as they are written, in this export and hardly in another one. */
  recognizedBy: readonly string[];
  columns: Partial<Record<RosterField, string>>;
  /** What its words do not tell, so that HR has to be asked. */
  remark?: string;
  /** A row directly below the headings repeats them as labels: what it has under some of them, whatever their order. */
  labels?: Readonly<Record<string, string>>;
}

/**
 * A preset is there only where the system's own page gives the headings. What it does not tell (how dates are written, words of an
 * administrator's own) is asked for as in any other export.
 */
export const rosterPresets: readonly RosterPreset[] = [
  {
    name: "BambooHR",
    page: "https://documentation.bamboohr.com/docs/list-of-field-names",
    recognizedBy: ["id", "workEmail", "status", "hireDate", "terminationDate"],
    columns: {
      // Not employeeNumber, which is the company's own: BambooHR's webhooks name people by id.
      personId: "id",
      email: "workEmail",
      // Not employmentHistoryStatus, which has an administrator's own words.
      status: "status",
      hireDate: "hireDate",
      lastDay: "terminationDate",
      role: "jobTitle",
      givenName: "firstName",
      familyName: "lastName",
      displayName: "displayName",
      department: "department",
      employeeNumber: "employeeNumber",
    },
  },
  {
    name: "SAP SuccessFactors",
    page: "https://learning.sap.com/courses/sap-successfactors-platform-project-team-orientation/managing-user-data-1",
    recognizedBy: ["STATUS", "USERID", "USERNAME", "EMAIL"],
    columns: {
      personId: "USERID",
      email: "EMAIL",
      status: "STATUS",
      hireDate: "HIREDATE",
      role: "TITLE",
      givenName: "FIRSTNAME",
      familyName: "LASTNAME",
      department: "DEPARTMENT",
      employeeNumber: "EMPID",
    },
    // https://userapps.support.sap.com/sap/support/knowledge/en/2087504
    remark:
      "an inactive user has left or is on leave, which only HR knows; all of them count as people who have left",
    labels: { STATUS: "STATUS", USERID: "USERID" },
  },
  {
    name: "Microsoft Entra ID",
    page: "https://learn.microsoft.com/entra/identity/users/users-bulk-download",
    recognizedBy: ["userPrincipalName", "objectId", "mail", "accountEnabled"],
    columns: {
      personId: "objectId",
      email: "mail",
      status: "accountEnabled",
      role: "jobTitle",
      givenName: "givenName",
      familyName: "surname",
      displayName: "displayName",
      department: "department",
    },
  },
];

/** The preset whose headings are there; `undefined` for an export of no system that is known. */
export function findPreset(headings: readonly string[]): RosterPreset | undefined {
  const there = new Set(headings);
  return rosterPresets.find(({ recognizedBy }) => recognizedBy.every((heading) => there.has(heading)));
}

/** Its columns, as far as they are there. */
export function columnsOfPreset(
  preset: RosterPreset | undefined,
  headings: readonly string[],
): RosterPreset["columns"] {
  const there = new Set(headings);
  return Object.fromEntries(
    Object.entries(preset?.columns ?? {}).filter(([, heading]) => there.has(heading)),
  );
}

/** Whether a row repeats the headings as a preset's labels. */
export function isLabelRow(
  row: readonly string[],
  headings: readonly string[],
  preset: RosterPreset | undefined,
): boolean {
  const labels = Object.entries(preset?.labels ?? {});
  return labels.length > 0 && labels.every(([heading, label]) => row[headings.indexOf(heading)] === label);
}
