import * as z from "zod";
import { isJsonObject } from "./boundedJson.ts";
import { printable } from "./eventTexts.ts";
import { type Problem, toProblem } from "./problems.ts";

/**
 * What HR says of a person for the user that is made of them. Nothing is decided by it, and a user who exists is not changed to it:
 * so a text that is wrong costs the person that text, and never the decision.
 */
const profileTexts = z.object({
  givenName: printable(256).exactOptional().describe("The first name."),
  familyName: printable(256).exactOptional().describe("The last name."),
  displayName: printable(256).exactOptional().describe("The name as others see it."),
  department: printable(256).exactOptional().describe("Where the person works in the company."),
  employeeNumber: printable(128).exactOptional().describe("The number in HR, as people quote it."),
});

/** Names are personal data: no log, no journal and no report has them. */
export type UserProfile = z.output<typeof profileTexts>;
export type ProfileField = keyof typeof profileTexts.shape;

export const profileFields = profileTexts.keyof().options;

export function isProfileField(name: string): name is ProfileField {
  return Object.hasOwn(profileTexts.shape, name);
}

/** The schema of a profile, which takes what it can of anything. The JSON Schema says what is right, so that producers keep to it. */
export const userProfile = z.preprocess((value) => readProfile(value).profile, profileTexts);

/**
 * Reads the texts of a profile, without the white space around them. Empty ones are left out; so are wrong ones, of which a problem
 * tells. Numbers are taken as texts, because HR systems count employees.
 */
export function readProfile(value: unknown): { profile: UserProfile; dropped: Problem[] } {
  if (value === undefined || value === null) return { profile: {}, dropped: [] };
  if (!isJsonObject(value)) return { profile: {}, dropped: [toProblem("data.profile", "an object", value)] };
  const profile: Partial<Record<ProfileField, string>> = {};
  const dropped: Problem[] = [];
  for (const field of profileFields) {
    const text = Object.hasOwn(value, field) ? trimmed(value[field]) : undefined;
    if (text === undefined || text === null || text === "") continue;
    const { data, error } = profileTexts.shape[field].safeParse(text);
    if (data !== undefined) profile[field] = data;
    else dropped.push(toProblem(`data.profile.${field}`, error?.issues[0]?.message ?? "a text", text));
  }
  return { profile, dropped };
}

function trimmed(value: unknown): unknown {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value.trim() : value;
}

/** `undefined` for a profile that says nothing. */
export function profileOf(profile: UserProfile | undefined): UserProfile | undefined {
  return profile !== undefined && Object.keys(profile).length > 0 ? profile : undefined;
}
