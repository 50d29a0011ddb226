import * as z from "zod";
import { isTimeZone } from "../events/eventTime.ts";
import { policyObject } from "./policyObject.ts";

/** The fields of a roster's row, and the headings under which each is looked for unless the policy names another. */
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
  givenName: ["givenName", "firstName", "legalFirstName", "forename"],
  familyName: ["familyName", "lastName", "legalLastName", "surname"],
  displayName: ["displayName", "fullName", "workerName", "employeeName"],
  department: ["department", "departmentName"],
  employeeNumber: ["employeeNumber", "personnelNumber"],
} as const satisfies Record<string, readonly [string, ...string[]]>;

export type RosterField = keyof typeof rosterFields;

export const rosterFieldNames = Object.keys(rosterFields) as RosterField[];

export function isRosterField(value: string): value is RosterField {
  return Object.hasOwn(rosterFields, value);
}

const word = z.string().trim().min(1).max(256);
const words = z.array(word.toLowerCase()).min(1);

/** The shape of `roster` in the policy: how an HR system's export is read, and what it may bring about. */
export const rosterSchema = policyObject({
  columns: z
    .partialRecord(z.enum(rosterFieldNames), word)
    .default({})
    .describe(
      "The export's own heading of a field, where it is not one that Rollcall knows; `-` for no column.",
    ),
  attributes: z
    .record(word, word)
    .default({})
    .describe(
      "The export's own heading of an attribute by which accounts choose their people; the attribute's name, if left out.",
    ),
  delimiter: z.string().min(1).max(4).default(",").describe("What separates the cells of a CSV file."),
  present: words
    .default(["active", "employed", "on leave", "leave of absence", "leave", "true", "yes", "y", "1"])
    .describe("The words in the status column of people who shall have access, in upper or lower case."),
  left: words
    .default(["terminated", "inactive", "left", "separated", "former", "retired", "false", "no", "n", "0"])
    .describe("The words in the status column of people who have left."),
  timeZone: z
    .string()
    .refine(isTimeZone, "must be an IANA time zone, such as Europe/Berlin, and no abbreviation")
    .default("UTC")
    .describe("The time zone of the dates in rows that name none themselves."),
  absent: z
    .enum(["report", "suspend"])
    .default("report")
    .describe(
      "What is done about an active user without a row. Rooms and guests have none either, so it is only reported by default.",
    ),
  leastPercent: z
    .number()
    .min(0)
    .max(100)
    .default(90)
    .describe(
      "A roster that gives access to fewer people than this percentage of the last one is rejected as broken.",
    ),
});

export type RosterSettings = z.output<typeof rosterSchema>;
