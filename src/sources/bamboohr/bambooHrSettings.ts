import * as z from "zod";
import { apiUrl, credential, vendorSettings } from "../webhooks/vendorSettings.ts";

/** Names of a field, in the order in which they are looked for; spaces, case and punctuation make no difference. */
const names = (...defaults: string[]) => z.array(z.string().min(1)).min(1).default(defaults);

/** Administrators rename fields, and the labels of what changed differ from the keys of what is sent. */
const fieldNames = z.strictObject({
  email: names("workEmail"),
  status: names("status", "employmentStatus"),
  role: names("jobTitle"),
  hireDate: names("hireDate"),
  terminationDate: names("terminationDate"),
  location: names("location"),
});

/** As BambooHR's API calls them, whatever an administrator calls them in a webhook. */
export const apiFieldNames = fieldNames.parse({});

/** The parameter `bamboohr`. */
export const bambooHrSettings = z.strictObject({
  ...vendorSettings,
  fields: fieldNames.prefault({}),
  /** What stands between body and time where they are signed; BambooHR's pages do not say it, and nothing is what was seen. */
  signatureSeparator: z.string().max(8).default(""),
  /** For what names an employee and sends no fields: thin webhooks, and the new employees of field-based ones. */
  api: z.strictObject({ url: apiUrl, key: credential }).optional(),
});

export type BambooHrSettings = z.output<typeof bambooHrSettings>;
export type FieldName = keyof BambooHrSettings["fields"];
