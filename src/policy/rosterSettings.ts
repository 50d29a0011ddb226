import * as z from "zod";
import { type DateForm, dateFormNames } from "../events/dateForms.ts";
import { isTimeZone } from "../events/eventTime.ts";
import { isUnmistakable, unmistakable } from "../events/lookAlikes.ts";
import { policyObject } from "./policyObject.ts";

/**
 * The fields of a roster's row, and the headings under which each is looked for unless the policy names another. The first
 * heading that is there is taken.
 */
export const rosterFields = {
  personId: [
    ...["personId", "employeeId", "workerId", "associateId", "personNumber", "employeeNumber", "employeeNo"],
    ...["staffId", "id"],
  ],
  email: [
    ...["workEmail", "workEmailAddress", "primaryWorkEmail", "primaryWorkEmailAddress", "emailWork"],
    ...["emailPrimaryWork", "businessEmail", "businessEmailAddress", "companyEmail", "workContactWorkEmail"],
    ...["email", "emailAddress", "mail"],
  ],
  previousEmails: ["previousEmails", "previousEmail", "formerEmail"],
  status: [
    ...["status", "employmentStatus", "workerStatus", "employeeStatus", "positionStatus", "statusType"],
    ...["employmentStatusDescription", "statusDescription", "activeStatus", "active"],
  ],
  hireDate: [
    "hireDate",
    "startDate",
    "joinDate",
    "joiningDate",
    "dateOfHire",
    "dateHired",
    "originalHireDate",
  ],
  rehireDate: ["rehireDate", "lastHireDate", "latestHireDate", "mostRecentHireDate"],
  lastDay: [
    ...[
      "lastDay",
      "lastDayOfWork",
      "lastDayWorked",
      "lastWorkingDay",
      "terminationDate",
      "dateOfTermination",
    ],
    ...["separationDate", "leaveDate", "endDate"],
  ],
  timeZone: ["timeZone"],
  role: ["role", "jobTitle", "jobProfile", "businessTitle", "title"],
  licenseType: ["licenseType", "license"],
  givenName: ["givenName", "firstName", "legalFirstName", "forename"],
  familyName: ["familyName", "lastName", "legalLastName", "surname"],
  displayName: ["displayName", "fullName", "workerName", "employeeName"],
  department: ["department", "departmentName"],
  employeeNumber: ["employeeNumber", "personnelNumber"],
} as const satisfies Record<string, readonly string[]>;

/** Fields with dates, in the order of a row. */
export const dateFields = ["hireDate", "rehireDate", "lastDay"] as const satisfies readonly RosterField[];

export type DateField = (typeof dateFields)[number];

export type RosterField = keyof typeof rosterFields;

export const rosterFieldNames = Object.keys(rosterFields) as RosterField[];

export function isRosterField(value: string): value is RosterField {
  return Object.hasOwn(rosterFields, value);
}

const dateForm = z.enum(dateFormNames);

/** The form of a date column by the policy, if it names one. */
export function chosenDateForm(
  { dates }: Pick<RosterSettings, "dates">,
  field: DateField,
): DateForm | undefined {
  return typeof dates === "object" ? dates[field] : dates;
}

function isEncoding(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== "";
  } catch {
    return false;
  }
}

const word = z.string().trim().min(1).max(256).refine(isUnmistakable, `must be a text ${unmistakable}`);
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
  delimiter: z
    .string()
    .min(1)
    .max(4)
    .exactOptional()
    .describe("What separates the cells of a CSV file; found by the line of headings, if left out."),
  encoding: z
    .string()
    .refine(isEncoding, "must be an encoding such as utf-8, utf-16le or windows-1252")
    .exactOptional()
    .describe("The encoding of the file; UTF-8, or UTF-16 where the file shows it, if left out."),
  rows: z
    .string()
    .regex(/^[^\s.]+(?:\.[^\s.]+)*$/, "must be a path such as data.employees")
    .max(256)
    .exactOptional()
    .describe("Where the list of people is in JSON, such as data.employees; found by itself, if left out."),
  dates: z
    .union([dateForm, z.partialRecord(z.enum(dateFields), dateForm)])
    .exactOptional()
    .describe(
      "How dates are written, for all columns or for each; ISO 8601, or what the cells prove, if left out.",
    ),
  lists: z
    .enum(["everybody", "present"])
    .default("everybody")
    .describe(
      "everybody: a column tells who has left. present: whoever has a row is there, and no column tells who has left.",
    ),
  finalNewline: z
    .boolean()
    .default(true)
    .describe("Whether a CSV file whose last line has no end is rejected, because it may have been cut off."),
  present: words
    .default(["active", "employed", "true", "yes", "y", "1"])
    .describe("The words in the status column of people who shall have access, in upper or lower case."),
  onLeave: words
    .default(["on leave", "leave of absence", "leave"])
    .describe(
      "The words of people on a leave of absence: they have access, unless the policy's leaveOfAbsence says suspend.",
    ),
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
