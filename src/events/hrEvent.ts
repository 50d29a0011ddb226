import { z } from "zod";

/**
 * What HR tells: the zod schema of each detail-type's `detail`, the single source of the TypeScript types
 * and of the JSON Schemas in `events/schemas/`. Unknown extra fields are tolerated, because HR systems add
 * fields without asking; wrong ones are not.
 */

const shortText = z.string().min(1).max(128);
const emailAddress = z
  .string()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "must be an e-mail address, such as ada@example.com");
const instant = z.iso.datetime({ offset: true });

const metadata = z.object({
  /** Unique per event; the idempotency key. A redelivery carries the same id. */
  id: shortText,
  schemaVersion: z.string().regex(/^1\.\d{1,4}$/, 'must be a supported version, such as "1.0"'),
  /** When HR decided; the order of decisions follows this, not the time of arrival. */
  occurredAt: instant,
  correlationId: shortText.optional(),
  origin: shortText.optional(),
});

const person = z.object({
  /** Stable for a person's life in HR; e-mail addresses change. */
  personId: shortText,
  email: emailAddress,
  previousEmails: z.array(emailAddress).max(20).optional(),
  /** The user's id in the account's directory, where the sender knows it: saves the look-up. */
  userId: z.string().max(256).regex(/\S/, "must not be blank").optional(),
  effectiveAt: instant.optional(),
  /** With `timeZone`: effective at the end of that local day. */
  effectiveDate: z.iso.date().optional(),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, "must be an IANA time zone, such as Pacific/Auckland")
    .optional(),
});

const role = z.string().min(1).max(256);
/** A string, not an enum: which licenses exist is the account's to say, and a new one must not need a release. */
const licenseType = z.string().min(1).max(64);

/** One schema per detail-type. A new event is a new row here and a mention in `pipelines.ts`. */
export const hrEventSchemas = {
  EmployeeHired: detail({ role: role.optional(), licenseType: licenseType.optional() }),
  EmployeeLeft: detail({
    reason: z.string().max(256).optional(),
    urgency: z.enum(["routine", "immediate"]).optional(),
  }),
  EmployeeReturned: detail({ role: role.optional(), licenseType: licenseType.optional() }),
  EmployeeRoleChanged: detail({ role, licenseType: licenseType.optional() }),
  LicenseChanged: detail({ licenseType }),
};

export type DetailType = keyof typeof hrEventSchemas;
export const detailTypes = Object.keys(hrEventSchemas) as DetailType[];

export function isDetailType(value: unknown): value is DetailType {
  return typeof value === "string" && Object.hasOwn(hrEventSchemas, value);
}

/** An HR event as the code handles it: the detail-type and the checked detail. */
export type HrEvent = {
  [T in DetailType]: { type: T } & z.output<(typeof hrEventSchemas)[T]>;
}[DetailType];

function detail<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object({
    metadata,
    data: person
      .extend(shape)
      .refine((data) => "effectiveDate" in data === "timeZone" in data, {
        path: ["effectiveDate"],
        message: "effectiveDate and timeZone belong together: send both or neither",
      })
      .refine((data) => !("effectiveAt" in data && "effectiveDate" in data), {
        path: ["effectiveAt"],
        message: "send either effectiveAt or effectiveDate, not both",
      }),
  });
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
