import type { Policy } from "../policy/policy.ts";
import { isUnclear, presenceAt } from "../reconcile/mergeRows.ts";
import type { NumberedRow, ScannedRow } from "../reconcile/reading/completeRows.ts";
import { readingOptions, scanRoster } from "../reconcile/reading/readRoster.ts";
import type { RosterUnderstanding } from "../reconcile/reading/understanding.ts";
import { redactForDisplay } from "./displayText.ts";

/** An export, and how to read it; what is left out is as the policy says. */
export interface CheckRequest {
  bytes: AsyncIterable<Uint8Array>;
  /** Without one, an export is read as by a policy that says nothing of rosters. */
  policy: Policy | undefined;
  column?: Parameters<typeof readingOptions>[1];
  /** When the roster was true, in milliseconds since the epoch. */
  asOf: number;
  /** How many rows the roster must have. */
  rows?: number;
}

/** What would be understood of an export. Addresses and ids are masked, names are left out. */
export interface RosterCheck {
  /** Whether `rollcall plan` would believe it, as far as the export itself shows. */
  believed: boolean;
  read: RosterUnderstanding | null;
  /** Of the rows: present, left, still to come, or nobody can tell. */
  counts: Record<"present" | "left" | "later" | "unclear" | "withoutAddress", number> | null;
  /** The first rows as they are read. */
  sample: CheckedRow[];
  problems: string[];
  /** Headings or values, for whoever has the export anyway; not in JSON. */
  details: string | undefined;
  /** Lines of the policy's section `roster` that would make it right. */
  proposals: string[];
}

export interface CheckedRow {
  number: number;
  personId: string;
  email: string | null;
  presence: string;
  hireDate: string | null;
  lastDay: string | null;
  role: string | null;
}

const sampleSize = 10;

/** Reads an export as a stream, and tells what would be understood. Nothing is compared, and nothing is asked of AWS. */
export async function checkRoster({ bytes, policy, column, asOf, rows }: CheckRequest): Promise<RosterCheck> {
  const options = { ...readingOptions(policy, column), ...(rows !== undefined && { expectedRows: rows }) };
  const first: ScannedRow[] = [];
  // How many rows there are of each kind. What matters for it repeats, so that no row has to be kept.
  const kinds = new Map<string, { row: ScannedRow; count: number }>();
  let withoutAddress = 0;
  const scan = await scanRoster(
    bytes,
    options,
    (row) => {
      if (first.length < sampleSize) first.push(row);
      if (row.email === undefined) withoutAddress += 1;
      const { status, otherStatus = [], hireDate, rehireDate, lastDay, timeZone } = row;
      const key = [status, otherStatus.join(), hireDate, rehireDate, lastDay, timeZone].join("\n");
      const kind = kinds.get(key);
      if (kind === undefined) kinds.set(key, { row, count: 1 });
      else kind.count += 1;
    },
    { toTheEnd: true },
  );
  if (scan.kind === "broken") {
    const { problems, details, proposals, understanding = null } = scan;
    return { believed: false, read: understanding, counts: null, sample: [], problems, details, proposals };
  }
  const presenceOf = presenceAt(asOf, options.timeZone);
  const counts = { present: 0, left: 0, later: 0, unclear: 0, withoutAddress };
  for (const { row, count } of kinds.values()) counts[toKind(presenceOf(scan.toRow(row)))] += count;
  const sample = first.map((row) => toCheckedRow(scan.toRow(row), presenceOf));
  return {
    believed: true,
    read: scan.understanding,
    counts,
    sample,
    problems: [],
    details: undefined,
    proposals: [],
  };
}

function toKind(
  presence: ReturnType<ReturnType<typeof presenceAt>>,
): "present" | "left" | "later" | "unclear" {
  return isUnclear(presence) ? "unclear" : presence;
}

function toCheckedRow(row: NumberedRow, presenceOf: ReturnType<typeof presenceAt>): CheckedRow {
  const redact = redactForDisplay();
  const { number, personId, email, hireDate = null, rehireDate = null, lastDay = null, role = null } = row;
  return {
    number,
    personId: redact(personId),
    email: email === undefined ? null : redact(email),
    presence: presenceOf(row),
    hireDate: rehireDate ?? hireDate,
    lastDay,
    role: role === null ? null : redact(role),
  };
}
