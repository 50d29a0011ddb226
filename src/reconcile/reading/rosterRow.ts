import * as z from "zod";
import { hrEventSchemas } from "../../events/hrEvent.ts";
import type { ProfileField } from "../../events/userProfile.ts";
import type { RosterField, RosterSettings } from "../../policy/rosterSettings.ts";
import type { RosterPreset } from "./rosterPresets.ts";
import { toTimeZone } from "./timeZoneNames.ts";

const { personId, email, previousEmails, role, licenseType, attributes } =
  hrEventSchemas.EmployeeHired.shape.data.shape;

/** A date as it is written: what form the column has is known after its last row. */
const date = z
  .string({ error: "a date, such as 2026-05-14" })
  .max(64, { error: "a date, such as 2026-05-14" });

/**
 * The schema of a row: its cells by field, empty ones left out. The policy has the status words of present people and of
 * leavers; a word that is neither breaks the row, because either guess would be wrong for somebody.
 */
export function rosterRowSchema({
  present,
  left,
  onLeave,
}: Pick<RosterSettings, "present" | "left" | "onLeave">) {
  const meaningOf = new Map([
    ...onLeave.map((word) => [word, "onLeave"] as const),
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
    /** What further columns of a status say, as far as it is a known word: each program has words of its own there. */
    otherStatus: z
      .array(z.unknown())
      .transform((words) => words.flatMap((word) => meaningOf.get(String(word).toLowerCase()) ?? []))
      .optional(),
    hireDate: date.optional(),
    rehireDate: date.optional(),
    /** The last day on which the person has access. */
    lastDay: date.optional(),
    timeZone: z
      .string()
      .transform((text, context) => {
        const zone = toTimeZone(text);
        if (zone !== undefined) return zone;
        context.addIssue({
          code: "custom",
          message:
            "an IANA time zone, such as Pacific/Auckland, and no abbreviation (leave the column out with --column timeZone=-)",
        });
        return z.NEVER;
      })
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
  cells: Partial<
    Record<Exclude<RosterField, ProfileField> | "otherStatus" | "attributes" | "profile", unknown>
  >;
}

/**
 * A column by its heading, and what it is read for: a field, an attribute by which accounts choose their people, or a text of the
 * person's profile.
 */
export interface Column {
  kind: "field" | "attribute" | "profile";
  name: string;
  heading: string;
}

export interface FoundColumns {
  /** A field may have several: the first one that is not empty in a row counts. */
  columns: Column[];
  /** Headings that are read for nothing. */
  unread: string[];
  /** Those of them that look like a status or a date of an employment. */
  suspicious: string[];
  /** The system whose export it is, if its headings are known. */
  preset?: RosterPreset;
}

/** The records of a roster, and what was found out about its form. */
export interface RosterRecords extends FoundColumns {
  format: "csv" | "json" | "jsonLines" | "workbook";
  /** What `number` counts. */
  unit: "line" | "entry";
  /** Of a CSV file. */
  delimiter?: string;
  /** The line on which the row of headings ends. */
  headingLine?: number;
  /** Filled as the records are read. */
  skipped: SkippedRow[];
  records: AsyncIterable<RosterRecord> | Iterable<RosterRecord>;
}

/** A row that cannot be about a person. */
export interface SkippedRow {
  number: number;
  because: "empty" | "note" | "headings";
}

interface RosterFaultOptions extends ErrorOptions {
  /** Values of the roster, for a terminal: they may be personal data, so no log may have them. */
  details?: string;
  /** The line of the policy's section `roster` that would mend it, if one would: `encoding: windows-1252`. */
  proposal?: string;
}

/**
 * A roster that is rejected as a whole. The message says where and what was expected, and holds no value of the roster.
 */
export class RosterFault extends Error {
  readonly details: string | undefined;
  readonly proposal: string | undefined;

  constructor(message: string, { details, proposal, ...options }: RosterFaultOptions = {}) {
    super(message, options);
    this.name = "RosterFault";
    this.details = details;
    this.proposal = proposal;
  }
}
