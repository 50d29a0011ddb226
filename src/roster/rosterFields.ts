/** What Rollcall reads from a row of a roster, and the columns that it takes for it unless the policy names another. */
export const rosterFields = {
  personId: ["personId", "employeeId", "workerId", "employeeNumber", "id"],
  email: ["email", "workEmail", "emailAddress", "primaryWorkEmail", "emailWork", "mail"],
  previousEmails: ["previousEmails", "previousEmail", "formerEmail"],
  status: ["status", "employmentStatus", "workerStatus", "employeeStatus", "activeStatus", "active"],
  hireDate: ["hireDate", "startDate", "joinDate"],
  lastDay: ["lastDay", "lastDayOfWork", "terminationDate", "endDate"],
  timeZone: ["timeZone"],
  role: ["role", "jobTitle", "jobProfile", "businessTitle", "title"],
  licenseType: ["licenseType", "license"],
} as const satisfies Record<string, readonly [string, ...string[]]>;

export type RosterField = keyof typeof rosterFields;

export const rosterFieldNames = Object.keys(rosterFields) as RosterField[];

export function isRosterField(value: string): value is RosterField {
  return Object.hasOwn(rosterFields, value);
}
