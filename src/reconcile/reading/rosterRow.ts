import * as z from "zod";
import { isTimeZone } from "../../events/eventTime.ts";
import { hrEventSchemas } from "../../events/hrEvent.ts";
import type { ProfileField } from "../../events/userProfile.ts";
import type { RosterField, RosterSettings } from "../../policy/rosterSettings.ts";

const { personId, email, previousEmails, role, licenseType, attributes } =
  hrEventSchemas.EmployeeHired.shape.data.shape;

/** A date, also with an offset as Workday writes it (`2026-01-05-08:00`), or as the midnight of a timestamp. */
const date = z
  .string({ error: "a date, such as 2026-05-14" })
  .regex(/^\d{4}-\d\d-\d\d(?:[T ].*|Z|[+-]\d\d:\d\d)?$/, { error: "a date, such as 2026-05-14", abort: true })
  .transform((text) => text.slice(0, 10))
  // The day before a hire counts, and the year 0 begins with a day that has none that can be written.
  .pipe(z.iso.date({ error: "a date of the calendar, such as 2026-05-14" }).regex(/^(?!0000)/));

/**
 * The schema of a row: its cells by field, empty ones left out. The policy has the status words of present people and of
 * leavers; a word that is neither breaks the row, because either guess would be wrong for somebody.
 */
export function rosterRowSchema({ present, left }: Pick<RosterSettings, "present" | "left">) {
  const meaningOf = new Map([
    ...present.map((word) => [word, "present"] as const),
    ...left.map((word) => [word, "left"] as const),
  ]);
  const expectation = `one of ${[...meaningOf.keys()].join(", ")} (name others in the policy's roster.present and roster.left)`;
  const status = z.string({ error: expectation }).transform((word, context) => {
    const meaning = meaningOf.get(word.toLowerCase());
    if (meaning !== undefined) return meaning;
    context.addIssue({ code: "custom", message: expectation });
    return z.NEVER;
  });
  return z.object({
    personId,
    /** A person without an address has no account, so it may be absent. */
    email: email.toLowerCase().optional(),
    previousEmails: z
      .string()
      .transform((text) =>
        text
          .toLowerCase()
          .split(/[\s,;|]+/)
          .filter(Boolean),
      )
      .pipe(previousEmails.unwrap())
      .optional(),
    status: status.optional(),
    hireDate: date.optional(),
    /** The last day on which the person has access. */
    lastDay: date.optional(),
    timeZone: z
      .string()
      .refine(isTimeZone, { error: "an IANA time zone, such as Pacific/Auckland, and no abbreviation" })
      .optional(),
    role,
    licenseType,
    attributes,
  });
}

export type RosterRow = z.output<ReturnType<typeof rosterRowSchema>>;

/** A row before it is checked: its cells by field, and its attributes and profile by name; empty cells are absent. */
export interface RosterRecord {
  /** The line in a CSV file, or the entry in JSON, counted from 1. */
  number: number;
  cells: Partial<Record<Exclude<RosterField, ProfileField> | "attributes" | "profile", unknown>>;
}

export interface RosterRecords {
  /** What `number` counts. */
  unit: "line" | "entry";
  /** The heading of a field, for messages; the field's own name where there is no column. */
  headingOf: (field: string) => string;
  records: AsyncIterable<RosterRecord> | Iterable<RosterRecord>;
}

interface RosterFaultOptions extends ErrorOptions {
  /** Values of the roster, for a terminal: they may be personal data, so no log may have them. */
  details?: string;
}

/**
 * A roster that is rejected as a whole. The message says where and what was expected, and holds no value of the roster.
 */
export class RosterFault extends Error {
  readonly details: string | undefined;

  constructor(message: string, { details, ...options }: RosterFaultOptions = {}) {
    super(message, options);
    this.name = "RosterFault";
    this.details = details;
  }
}
