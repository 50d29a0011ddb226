import { dayMilliseconds } from "./eventTime.ts";

/** A day of the calendar (`2026-05-14`), or a moment (milliseconds since the epoch), whose day depends on the time zone. */
export type ReadDate = { kind: "day"; day: string } | { kind: "moment"; time: number };

/** A way of writing dates, by the name under which the policy's `roster.dates` chooses it. */
export type DateForm = keyof typeof forms;

interface Form {
  pattern: RegExp;
  /** What the groups of the pattern are. */
  order: string;
  /**
   * `sole`: whatever fits can be read in no other way. `paired`: day and month can be exchanged, so a cell with a day above 12
   * is the proof. `chosen`: only a setting can tell.
   */
  certainty: "sole" | "paired" | "chosen";
}

const numbers = (separator: string, year = String.raw`\d{4}`) =>
  new RegExp(`^(\\d{1,2})${separator}(\\d{1,2})${separator}(${year})$`);
const monthName = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";

/** The forms, the usual ones first. Dates of ISO 8601 fit each of them. */
const forms = {
  "M/D/YYYY": { pattern: numbers("/"), order: "MDY", certainty: "paired" },
  "D/M/YYYY": { pattern: numbers("/"), order: "DMY", certainty: "paired" },
  "D.M.YYYY": { pattern: numbers(String.raw`\.`), order: "DMY", certainty: "paired" },
  "M.D.YYYY": { pattern: numbers(String.raw`\.`), order: "MDY", certainty: "paired" },
  "D-M-YYYY": { pattern: numbers("-"), order: "DMY", certainty: "paired" },
  "M-D-YYYY": { pattern: numbers("-"), order: "MDY", certainty: "paired" },
  "D-MMM-YYYY": {
    pattern: new RegExp(String.raw`^(\d{1,2})[ -]${monthName}\.?[ -](\d{4})$`, "i"),
    order: "DNY",
    certainty: "sole",
  },
  "MMM D, YYYY": {
    pattern: new RegExp(String.raw`^${monthName}\.? (\d{1,2}),? (\d{4})$`, "i"),
    order: "NDY",
    certainty: "sole",
  },
  YYYYMMDD: { pattern: /^(\d{4})(\d\d)(\d\d)$/, order: "YMD", certainty: "sole" },
  "YYYY/M/D": { pattern: /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/, order: "YMD", certainty: "sole" },
  "YYYY.M.D": { pattern: /^(\d{4})\.(\d{1,2})\.(\d{1,2})$/, order: "YMD", certainty: "sole" },
  "M/D/YY": { pattern: numbers("/", String.raw`\d{2}`), order: "MDY", certainty: "chosen" },
  "D/M/YY": { pattern: numbers("/", String.raw`\d{2}`), order: "DMY", certainty: "chosen" },
  "D.M.YY": { pattern: numbers(String.raw`\.`, String.raw`\d{2}`), order: "DMY", certainty: "chosen" },
  // Excel counts from two days in 1899 or 1904, four years apart: only who made the file knows which.
  excel: { pattern: /^(\d{5})(?:\.\d+)?$/, order: "S", certainty: "chosen" },
} as const satisfies Record<string, Form>;

export const dateFormNames = Object.keys(forms) as [DateForm, ...DateForm[]];

/** The pairs in which day and month are exchanged. */
const counterpart: Partial<Record<DateForm, DateForm>> = {
  "M/D/YYYY": "D/M/YYYY",
  "D/M/YYYY": "M/D/YYYY",
  "D.M.YYYY": "M.D.YYYY",
  "M.D.YYYY": "D.M.YYYY",
  "D-M-YYYY": "M-D-YYYY",
  "M-D-YYYY": "D-M-YYYY",
};

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * Reads a date in a form, or in ISO 8601, also with a time behind it. A time in UTC that is not midnight is a moment, for
 * programs write local midnights so; a time with an offset of its own, or without one, is of the day that it is written with.
 * `undefined` for what is no date of the calendar.
 */
export function readDate(text: string, form: DateForm | undefined): ReadDate | undefined {
  const odata = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(text)?.[1];
  if (odata !== undefined) return toMoment(Number(odata));
  const { date = text, time, zone } = timed.exec(text)?.groups ?? {};
  const day = isoDay(date) ?? (form && formDay(date, forms[form]));
  if (day === undefined) return undefined;
  if (time === undefined || !isUtc(zone)) return { kind: "day", day };
  const clock = /^(\d{1,2}):(\d\d)(?::(\d\d))?/.exec(time);
  if (clock === null) return undefined;
  const [, hours = "0", minutes = "0", seconds = "0"] = clock;
  return toMoment(
    Date.parse(`${day}T00:00:00Z`) + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000,
  );
}

/** A time, or only the offset that Workday writes behind a date. */
const timed =
  /^(?<date>.+?)(?:[T ]+(?<time>\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?[AaPp][Mm])?) ?(?<zone>Z|[+-]\d\d:?\d\d)?|Z|[+-]\d\d:\d\d)?$/;

/** Python and Salesforce write UTC as an offset. */
function isUtc(zone: string | undefined): boolean {
  return zone !== undefined && /^(?:Z|[+-]00:?00)$/.test(zone);
}

function toMoment(time: number): ReadDate | undefined {
  if (!(Math.abs(time) < farthest)) return undefined;
  // A midnight of UTC is how programs write a date that has no time at all, and the last minute how they write that it ends.
  const timeOfDay = ((time % dayMilliseconds) + dayMilliseconds) % dayMilliseconds;
  if (timeOfDay === 0 || timeOfDay >= dayMilliseconds - 60_000)
    return { kind: "day", day: new Date(time).toISOString().slice(0, 10) };
  return { kind: "moment", time };
}

/** The end of the year 9999. */
const farthest = 253_402_300_800_000;

function isoDay(text: string): string | undefined {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  return toDay(Number(year), Number(month), Number(day));
}

function formDay(text: string, { pattern, order }: Form): string | undefined {
  const groups = pattern.exec(text);
  if (groups === null) return undefined;
  const part = (name: string) => groups[order.indexOf(name) + 1] ?? "";
  if (order === "S") return serialDay(Number(part("S")));
  const year = part("Y");
  const month = order.includes("N") ? months.indexOf(part("N").toLowerCase()) + 1 : Number(part("M"));
  return toDay(year.length === 2 ? fullYear(Number(year)) : Number(year), month, Number(part("D")));
}

/** Of two digits: nobody who is employed today was hired before 1950. */
function fullYear(year: number): number {
  return year >= 50 ? 1900 + year : 2000 + year;
}

/** Excel's day 1 is 1900-01-01, and it counts a 29th of February 1900 that there never was. */
function serialDay(serial: number): string | undefined {
  return serial < 61 ? undefined : new Date((serial - 25_569) * dayMilliseconds).toISOString().slice(0, 10);
}

function toDay(year: number, month: number, day: number): string | undefined {
  // The day before a hire counts, and the year 0 begins with a day that has none that can be written.
  if (!(year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return undefined;
  const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}

/** What the cells of a column of dates have shown so far. */
export interface DateColumn {
  /** Takes a cell into account. `number` is that of its line or entry. */
  see(text: string, number: number): void;
  /** The forms that fit every cell; all dates of ISO 8601 fit each. */
  fitting(): DateForm[];
  /** Whether a cell needs a form at all. */
  needsForm(): boolean;
  /** Whether a cell proves that the form is not its counterpart. */
  proves(form: DateForm): boolean;
  /** The first cell that the form does not fit, by its line or entry. */
  firstMisfit(form: DateForm | undefined): number | undefined;
}

/** Watches a column's cells, so that its form can be decided without a second look at them. Texts that repeat cost nothing. */
export function watchDates(): DateColumn {
  const seen = new Set<string>();
  const misfits = new Map<DateForm | undefined, number>();
  const proven = new Set<DateForm>();
  return {
    see(text, number) {
      if (seen.has(text)) return;
      if (seen.size < mostRemembered) seen.add(text);
      if (readDate(text, undefined) !== undefined) return;
      noteMisfit(undefined, number);
      for (const form of dateFormNames) {
        const fits = readDate(text, form) !== undefined;
        const other = counterpart[form];
        if (!fits) noteMisfit(form, number);
        else if (other !== undefined && readDate(text, other) === undefined) proven.add(form);
      }
    },
    fitting: () => dateFormNames.filter((form) => !misfits.has(form)),
    needsForm: () => misfits.has(undefined),
    proves: (form) => proven.has(form),
    firstMisfit: (form) => misfits.get(form),
  };
  function noteMisfit(form: DateForm | undefined, number: number) {
    if (!misfits.has(form)) misfits.set(form, number);
  }
}

/** A century has 36,525 days. */
const mostRemembered = 40_000;

export type DateDecision =
  /** `undefined`: all cells are ISO 8601, or empty. */
  | { kind: "read"; form: DateForm | undefined; because: "iso" | "sole" | "proven" | "policy" }
  /** Several forms fit, or one that only a setting can choose. */
  | { kind: "undecided"; fitting: DateForm[]; firstLine: number }
  /** A cell is no date, or none of the form. */
  | { kind: "misfit"; form: DateForm | undefined; firstLine: number };

/**
 * Decides the form of each column: the policy's, or the only one that fits. Of two forms that differ in the order of day and
 * month the cells must prove one; one column's proof holds for the others too, because one program wrote the file.
 */
export function decideForms<Name extends string>(
  columns: ReadonlyMap<Name, DateColumn>,
  chosen: (name: Name) => DateForm | undefined,
): Map<Name, DateDecision> {
  const isProven = (form: DateForm) => [...columns.values()].some((column) => column.proves(form));
  return new Map([...columns].map(([name, column]) => [name, decideForm(column, chosen(name), isProven)]));
}

function decideForm(
  column: DateColumn,
  chosen: DateForm | undefined,
  isProven: (form: DateForm) => boolean,
): DateDecision {
  const firstLine = column.firstMisfit(undefined);
  if (chosen !== undefined) {
    const misfit = column.firstMisfit(chosen);
    return misfit === undefined
      ? { kind: "read", form: chosen, because: "policy" }
      : { kind: "misfit", form: chosen, firstLine: misfit };
  }
  if (firstLine === undefined) return { kind: "read", form: undefined, because: "iso" };
  const fitting = column.fitting();
  const [only, ...others] = fitting.filter((form) => {
    const other = counterpart[form];
    return other === undefined || !isProven(other) || isProven(form);
  });
  if (only === undefined) return { kind: "misfit", form: undefined, firstLine };
  const { certainty } = forms[only];
  const isDecided =
    others.length === 0 && (certainty === "sole" || (certainty === "paired" && isProven(only)));
  if (!isDecided) return { kind: "undecided", fitting, firstLine };
  return { kind: "read", form: only, because: certainty === "sole" ? "sole" : "proven" };
}
