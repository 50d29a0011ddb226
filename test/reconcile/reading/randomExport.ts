import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { rosterFields } from "../../../src/policy/rosterSettings.ts";

/** What is true of a person, and has to be read whatever the form of the export. */
interface Worker {
  personId: string;
  email: string;
  status: "present" | "left";
  hireDate: string | undefined;
  lastDay: string | undefined;
  role: string | undefined;
}

export interface RandomExport {
  workers: Worker[];
  bytes: Uint8Array;
  /** What the policy has to say of the form, if anything. */
  settings: Record<string, unknown>;
}

const day = fc
  .date({ min: new Date("1990-01-01"), max: new Date("2029-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const worker = fc.record({
  personId: fc.stringMatching(/^[A-Z]{1,3}[1-9]\d{1,6}$/),
  email: fc.stringMatching(/^[a-z]{2,8}[.'+-]?[a-z]{1,8}@(?:acme|example)\.(?:com|org)$/),
  status: fc.constantFrom("present" as const, "left" as const),
  hireDate: fc.option(day, { nil: undefined }),
  lastDay: fc.option(day, { nil: undefined }),
  role: fc.option(fc.stringMatching(/^[A-Za-zäöüßé]{2,10}(?: [a-z]{2,8})?$/), { nil: undefined }),
});

const workers = fc.uniqueArray(worker, { minLength: 1, maxLength: 12, selector: ({ personId }) => personId });

const parts = (date: string) => {
  const [year = "", month = "", dayOfMonth = ""] = date.split("-");
  return { year, month, dayOfMonth, m: String(Number(month)), d: String(Number(dayOfMonth)) };
};
const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** How a date is written in each form, by what the policy calls it; those that prove themselves need no setting. */
const dateWriters: Record<string, { write: (date: string) => string; needsSetting: boolean }> = {
  "YYYY-MM-DD": { write: (date) => date, needsSetting: false },
  midnight: { write: (date) => `${date}T00:00:00Z`, needsSetting: false },
  workday: { write: (date) => `${date}-08:00`, needsSetting: false },
  YYYYMMDD: { write: (date) => date.replaceAll("-", ""), needsSetting: false },
  "YYYY/M/D": { write: (date) => date.replaceAll("-", "/"), needsSetting: false },
  "D-MMM-YYYY": {
    write: (date) => {
      const { dayOfMonth, month, year } = parts(date);
      return `${dayOfMonth}-${monthNames[Number(month) - 1]}-${year}`;
    },
    needsSetting: false,
  },
  "M/D/YYYY": {
    write: (date) => `${parts(date).m}/${parts(date).d}/${parts(date).year}`,
    needsSetting: true,
  },
  "D/M/YYYY": {
    write: (date) => `${parts(date).dayOfMonth}/${parts(date).month}/${parts(date).year}`,
    needsSetting: true,
  },
  "D.M.YYYY": {
    write: (date) => `${parts(date).d}.${parts(date).m}.${parts(date).year}`,
    needsSetting: true,
  },
  excel: {
    write: (date) => String(Date.parse(`${date}T00:00:00Z`) / 86_400_000 + 25_569),
    needsSetting: true,
  },
};

/** A heading as somebody may write it: other case, other punctuation, a character that nobody sees. */
const headingStyle = fc.constantFrom<(heading: string) => string>(
  (heading) => heading,
  (heading) => heading.toUpperCase(),
  (heading) => heading.replaceAll(/(?=[A-Z])/g, "_"),
  (heading) => ` ${heading.replaceAll(/(?=[A-Z])/g, " ")} `,
  (heading) => heading.replaceAll(/(?=[A-Z])/g, "\u00a0"),
  (heading) => `${heading}*`,
  (heading) => `\u200b${heading}`,
);

const form = fc.record({
  kind: fc.constantFrom("csv", "csv", "csv", "json", "wrapped", "nested", "lines"),
  encoding: fc.constantFrom("utf8", "utf8bom", "utf16le", "utf16be", "utf16le-bare"),
  compressed: fc.boolean(),
  delimiter: fc.constantFrom(",", ";", "\t", "|"),
  lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
  above: fc.constantFrom(
    [],
    ["Active and terminated workers"],
    ["sep="],
    ["# exported 2026-05-14"],
    ["Run by: HR", "", "Page 1"],
  ),
  below: fc.constantFrom([], ["Total: 6"], ["", "End of report"], [",,,,"], ["\u001a"]),
  dates: fc.constantFrom(...Object.keys(dateWriters)),
  noValue: fc.constantFrom("", "NULL", "N/A", "-", "0000-00-00"),
  headings: fc.record({
    personId: fc.constantFrom(...rosterFields.personId),
    email: fc.constantFrom(...rosterFields.email),
    status: fc.constantFrom(...rosterFields.status),
    hireDate: fc.constantFrom(...rosterFields.hireDate),
    lastDay: fc.constantFrom(...rosterFields.lastDay),
    role: fc.constantFrom(...rosterFields.role),
  }),
  style: headingStyle,
  words: fc.record({
    present: fc.constantFrom("Active", "ACTIVE", "employed", "Yes"),
    left: fc.constantFrom("Terminated", "inactive", "SEPARATED", "No"),
  }),
  /** Puts something around an address that nobody sees. */
  unseen: fc.constantFrom("", "", "", "\u200b", "\u00ad", "\u00a0"),
  formula: fc.boolean(),
  extraCell: fc.boolean(),
});

type Form = typeof form extends fc.Arbitrary<infer T> ? T : never;

export const randomExport: fc.Arbitrary<RandomExport> = fc
  .tuple(workers, form)
  .map(([people, chosen]) => ({ workers: people, ...write(people, chosen) }));

function write(people: readonly Worker[], chosen: Form): Omit<RandomExport, "workers"> {
  const writer = dateWriters[chosen.dates] ?? { write: (date: string) => date, needsSetting: false };
  const dateOf = (date: string | undefined) => (date === undefined ? chosen.noValue : writer.write(date));
  const rows = people.map((person) => ({
    personId: person.personId,
    email: `${chosen.unseen}${person.email}${chosen.unseen}`,
    status: chosen.words[person.status],
    hireDate: dateOf(person.hireDate),
    lastDay: dateOf(person.lastDay),
    role: person.role ?? "",
  }));
  const text = chosen.kind === "csv" ? csvText(rows, chosen) : jsonText(rows, chosen);
  const bytes = encode(text, chosen.encoding);
  return {
    bytes: chosen.compressed ? gzipSync(bytes) : bytes,
    settings: writer.needsSetting ? { dates: chosen.dates } : {},
  };
}

type Row = Record<keyof Worker, string>;
const fields = ["personId", "email", "status", "hireDate", "lastDay", "role"] as const;

function csvText(
  rows: readonly Row[],
  { delimiter, lineEnd, above, below, headings, style, ...chosen }: Form,
) {
  const quote = (cell: string) =>
    cell.includes(delimiter) || cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell;
  const lineOf = (cells: readonly string[]) =>
    [...cells.map(quote), ...(chosen.extraCell ? [""] : [])].join(delimiter);
  const idOf = (id: string) => (chosen.formula ? `="${id}"` : id);
  const lines = [
    ...above.map((line) => (line === "sep=" ? `sep=${delimiter}` : line)),
    fields.map((field) => quote(style(headings[field]))).join(delimiter),
    ...rows.map((row) =>
      chosen.formula
        ? [idOf(row.personId), ...fields.slice(1).map((field) => quote(row[field]))].join(delimiter)
        : lineOf(fields.map((field) => row[field])),
    ),
    ...below.map((line) => line.replaceAll(",", delimiter)),
  ];
  return lines.join(lineEnd) + lineEnd;
}

function jsonText(rows: readonly Row[], { kind, headings }: Form): string {
  const entries = rows.map((row) => {
    const entry = Object.fromEntries(
      fields.map((field) => [headings[field], row[field] === "" ? null : row[field]]),
    );
    return kind === "nested" ? { worker: [entry] } : entry;
  });
  if (kind === "lines") return `${entries.map((entry) => JSON.stringify(entry)).join("\n")}\n`;
  if (kind === "wrapped") return JSON.stringify({ title: "All", employees: entries });
  return kind === "nested" ? JSON.stringify({ Report_Entry: entries }) : JSON.stringify(entries);
}

function encode(text: string, encoding: Form["encoding"]): Uint8Array {
  const littleEndian = Buffer.from(`\ufeff${text}`, "utf16le");
  switch (encoding) {
    case "utf8":
      return Buffer.from(text);
    case "utf8bom":
      return Buffer.from(`\ufeff${text}`);
    case "utf16le":
      return littleEndian;
    case "utf16be":
      return littleEndian.swap16();
    default:
      return Buffer.from(text, "utf16le");
  }
}
