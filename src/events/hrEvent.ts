import * as z from "zod";
import { emailAddress, identifier, ownIdentifier, printable, text } from "./eventTexts.ts";
import { isTimeZone } from "./eventTime.ts";
import { userProfile } from "./userProfile.ts";

export type DetailType = keyof typeof hrEventSchemas;

/** An HR event as the code handles it: the detail-type and the checked detail. */
export type HrEvent = {
  [T in DetailType]: { type: T } & z.output<(typeof hrEventSchemas)[T]>;
}[DetailType];

/** `metadata.origin` of the events that a reconciliation with a roster publishes. */
export const rosterOrigin = "roster";

/** Begins the id of the person of an account without a row: the rest is the user's own id. */
export const unlistedPrefix = "unlisted-";

/** The `source` of events that name none. */
export const DEFAULT_SOURCE = "rollcall.hr";

const instant = (description: string) =>
  z.iso
    .datetime({
      offset: true,
      abort: true,
      error: "a timestamp with seconds and an offset, such as 2026-05-14T17:00:00+02:00",
    })
    .max(40)
    .describe(description);

/**
 * What an event undoes. It takes its place directly after that decision: every other decision that came after it comes after this
 * one too.
 */
const undone = object({
  id: identifier(128).describe("The metadata.id of the event that is undone."),
  nth: z
    .int({ error: "a whole number from 1 to 1000" })
    .min(1)
    .max(1000)
    .describe("1; of the undoing of an undo 2, and so on."),
  first: identifier(128)
    .optional()
    .describe("The id of the event at the beginning of the place, where that is another one."),
  ofLeave: z
    .boolean({ error: "true or false" })
    .optional()
    .describe("Whether the event at the beginning was a leave: its place depends on it."),
  ofFollowUp: z
    .boolean({ error: "true or false" })
    .optional()
    .describe("Whether it was a license that follows from another event: its place depends on it."),
  accountId: printable(256).describe("The account in which it is undone."),
  at: instant("When it was undone."),
}).describe(
  "Written by rollcall undo: this event takes the place directly after the one that it undoes. Leave it out.",
);

const metadata = object({
  id: ownIdentifier(128).describe(
    "Unique per event, and the key of idempotency: an event that is sent again keeps its id.",
  ),
  schemaVersion: text(8, 'a supported version, such as "1.0"', /^1\.\d{1,4}$/).describe(
    "Version of this schema. A minor version adds optional fields only.",
  ),
  occurredAt: instant("When HR decided. Decisions take effect in this order, whatever order they arrive in."),
  correlationId: printable(128).optional().describe("Carried through to the logs."),
  origin: printable(128).optional().describe("The system that the event comes from."),
  waitingSince: instant(
    "Written by Rollcall when it publishes an event anew whose user did not exist yet. Leave it out.",
  ).optional(),
  receivedAt: instant(
    "Written by Rollcall when it publishes an event anew: when it first received it. Leave it out.",
  ).optional(),
  busTime: instant(
    "Written by Rollcall when it publishes an event anew: when the event bus first received it. Leave it out.",
  ).optional(),
  undoes: undone.optional(),
});

const role = printable(256).describe(
  "The person's role in HR, from which the policy derives a license; the policy may exclude roles, too.",
);

const person = object({
  personId: ownIdentifier(128).describe(
    "The person's id in HR, stable for life: e-mail addresses change, and this is what ties events together.",
  ),
  email: emailAddress().describe("The person's current work address."),
  previousEmails: z
    .array(emailAddress(), { error: "an array of at most 20 e-mail addresses" })
    .max(20)
    .optional()
    .describe("Addresses under which the directory may still know the person."),
  userId: identifier(256)
    .optional()
    .describe("The user's id in the account's directory, if the sender knows it: saves a look-up."),
  role: role.optional(),
  attributes: z
    .record(z.string(), printable(256), { error: "an object of at most 20 texts" })
    .refine((texts) => Object.keys(texts).length <= 20, { error: "at most 20 texts" })
    .meta({ maxProperties: 20 })
    .optional()
    .describe("What the policy may choose an account by, such as company or department."),
  profile: userProfile
    .optional()
    .describe("For a user that is created: a user who exists keeps their names. A wrong text is left out."),
  userBefore: object({
    status: printable(64).describe("registered, invited, unregistered, suspended or absent."),
    license: printable(64).optional(),
  })
    .optional()
    .describe("Written by Rollcall: the user as a reconciliation saw them, for the journal. Leave it out."),
  effectiveAt: instant("When the decision takes effect. At once, if left out.").optional(),
  effectiveDate: z.iso
    .date({ error: "a calendar date, such as 2026-05-14" })
    .optional()
    .describe("With timeZone, in place of effectiveAt: in effect at the end of that local day."),
  timeZone: z
    .string({ error: "an IANA time zone, such as Pacific/Auckland" })
    .max(64, { abort: true })
    .refine(isTimeZone, { error: "an IANA time zone, such as Pacific/Auckland, and no abbreviation" })
    .optional()
    .describe("The IANA time zone of effectiveDate."),
})
  .refine(({ effectiveDate, timeZone }) => effectiveDate === undefined || timeZone !== undefined, {
    path: ["timeZone"],
    error: "an IANA time zone to go with effectiveDate",
  })
  .refine(({ effectiveDate, timeZone }) => timeZone === undefined || effectiveDate !== undefined, {
    path: ["effectiveDate"],
    error: "a calendar date to go with timeZone",
  })
  .refine(({ effectiveAt, effectiveDate }) => effectiveAt === undefined || effectiveDate === undefined, {
    path: ["effectiveAt"],
    error: "nothing here, because effectiveDate is given",
  });

/** Repeats the three refinements of `person` for the JSON Schema, which cannot express a refinement. */
const oneEffectiveTime = {
  dependencies: { effectiveDate: ["timeZone"], timeZone: ["effectiveDate"] },
  not: { required: ["effectiveAt", "effectiveDate"] },
};

/** Not an enum: the account says which licenses exist, and a new one must not need a release. */
const licenseType = printable(64).describe("A license that the account supports, such as Pro.");

/** A license that follows from a decision about access is void once another one about the person's access stands. */
const followed = object({
  type: z
    .enum(["EmployeeHired", "EmployeeLeft", "EmployeeReturned"], {
      error: "EmployeeHired, EmployeeLeft or EmployeeReturned",
    })
    .describe("Its detail-type."),
  id: identifier(128).describe("Its metadata.id."),
}).describe(
  "Written by Rollcall when a license follows from another event: carried out only as long as that is the newest decision about the person's access.",
);

/**
 * The schema of each detail-type's `detail`: the single source of the TypeScript types and of the JSON Schemas in
 * `events/schemas/`. A new event is a new row here and a mention in `pipelineSettings.ts`. Unknown fields are dropped without
 * complaint, because HR systems add fields without asking; wrong ones are not tolerated.
 *
 * Each `error` is an expectation, a noun phrase that completes "expected …" in `parseHrEvent`'s problems.
 */
export const hrEventSchemas = {
  EmployeeHired: detail(person.safeExtend({ licenseType: licenseType.optional() })),
  EmployeeLeft: detail(
    person.safeExtend({
      reason: text(256, "text of at most 256 characters")
        .optional()
        .describe("Why, such as leaveOfAbsence: the policy may leave those alone who are only on leave."),
      urgency: z
        .enum(["routine", "immediate"], { error: 'either "routine" or "immediate"' })
        .optional()
        .describe("immediate: access must end at once, ahead of routine leavers."),
    }),
  ),
  EmployeeReturned: detail(person.safeExtend({ licenseType: licenseType.optional() })),
  EmployeeRoleChanged: detail(person.safeExtend({ role, licenseType: licenseType.optional() })),
  LicenseChanged: detail(person.safeExtend({ licenseType, follows: followed.optional() })),
};

export const detailTypes = Object.keys(hrEventSchemas) as DetailType[];

export function isDetailType(value: unknown): value is DetailType {
  return typeof value === "string" && Object.hasOwn(hrEventSchemas, value);
}

function detail<Data extends z.ZodType>(data: Data) {
  return object({ metadata, data: data.meta(oneEffectiveTime) });
}

function object<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape, { error: "an object" });
}
