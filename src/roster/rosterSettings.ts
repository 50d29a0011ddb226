import * as z from "zod";
import { isTimeZone } from "../events/isTimeZone.ts";
import { rosterFieldNames } from "./rosterFields.ts";

const word = z.string().trim().min(1).max(256);
const words = z.array(word.toLowerCase()).min(1);

/** The shape of `roster` in the policy: how an HR system's export is to be read, and what it may bring about. */
export const rosterSchema = z.strictObject({
  /** The export's own name for a field, where it is not an obvious one (see `rosterFields.ts`); `-` for no column. */
  columns: z.partialRecord(z.enum(rosterFieldNames), word).default({}),
  /** What separates the cells of a CSV file. */
  delimiter: z.string().min(1).max(4).default(","),
  /** The words in the status column of people who shall have access, in any case of letters; of the others below. */
  present: words.default([
    "active",
    "employed",
    "on leave",
    "leave of absence",
    "leave",
    "true",
    "yes",
    "y",
    "1",
  ]),
  left: words.default([
    "terminated",
    "inactive",
    "left",
    "separated",
    "former",
    "retired",
    "false",
    "no",
    "n",
    "0",
  ]),
  /** Where the last day of a row ends that names no time zone itself. */
  timeZone: z.string().refine(isTimeZone, "must be an IANA time zone, such as Europe/Berlin").default("UTC"),
  /** What becomes of an account without a row. Rooms and guests have none either, so it is only reported by default. */
  absent: z.enum(["report", "suspend"]).default("report"),
  /** A roster that has fewer people than so many percent of the last one is taken for a broken one. */
  leastPercent: z.number().min(0).max(100).default(90),
});

export type RosterSettings = z.output<typeof rosterSchema>;
