import { type CallEntry, type DirectoryUser, type Failure, unknownLicense } from "../directory.ts";
import {
  attributeAt,
  attributeOf,
  booleanOf,
  extensionOf,
  isScimObject,
  objectsOf,
  type ScimObject,
  textOf,
  withAttributeAt,
} from "./scimAttributes.ts";
import type { LicensePlace, LookUpAttribute, ScimProfile } from "./scimProfiles.ts";

/** What this job needs of a user resource. */
export interface ScimUser {
  id: string;
  userName: string | undefined;
  /** Lower-case; the primary one first. */
  emails: readonly string[];
  externalId: string | undefined;
  /** `undefined`: the service does not show it here. */
  active: boolean | undefined;
  /** `undefined`: it shows none. */
  license: string | undefined;
}

type UserProfile = NonNullable<CallEntry["profile"]>;

/** Where the license stands, or `none`. */
type License = LicensePlace | "none";

/** Returns `undefined` for a resource without an id, because no call can name it. */
export function toScimUser(resource: unknown, license: License): ScimUser | undefined {
  if (!isScimObject(resource)) return undefined;
  const id = textOf(attributeOf(resource, "id"));
  if (id === undefined) return undefined;
  return {
    id,
    userName: textOf(attributeOf(resource, "userName")),
    emails: emailsOf(resource),
    externalId: textOf(attributeOf(resource, "externalId")),
    active: booleanOf(attributeOf(resource, "active")),
    license: license === "none" ? undefined : licenseOf(resource, license),
  };
}

function emailsOf(resource: ScimObject): string[] {
  const all = attributeOf(resource, "emails");
  const emails = Array.isArray(all) ? all : [all];
  const values = emails.flatMap((email) => {
    // A text is what SCIM 1.1's successors wrongly send.
    const value = textOf(isScimObject(email) ? attributeOf(email, "value") : email);
    const isPrimary = isScimObject(email) && booleanOf(attributeOf(email, "primary")) === true;
    return value === undefined ? [] : [{ value: value.toLowerCase(), isPrimary }];
  });
  return values.sort((a, b) => Number(b.isPrimary) - Number(a.isPrimary)).map(({ value }) => value);
}

function licenseOf(resource: ScimObject, { path, shape, type }: LicensePlace): string | undefined {
  const value = attributeAt(resource, path);
  if (shape === "text") return textOf(value);
  const elements = objectsOf(value).filter(
    (element) => type === undefined || attributeOf(element, "type") === type,
  );
  return elements.map((element) => textOf(attributeOf(element, "value"))).find((text) => text !== undefined);
}

/**
 * A user as the port has it.
 *
 * Who is not shown as inactive counts as active, because a leaver has to be suspended in doubt. Who has no address is known by the
 * user name, which may be one.
 *
 * @param showsLicense whether an answer of this kind would show a license
 */
export function toDirectoryUser(
  { id, userName, emails, externalId, active, license }: ScimUser,
  showsLicense: boolean,
): DirectoryUser {
  return {
    userId: id,
    email: emails[0] ?? userName?.toLowerCase() ?? "",
    state: active === false ? "suspended" : "active",
    license: license ?? (showsLicense ? undefined : unknownLicense),
    type: "person",
    ...(externalId !== undefined && { externalId }),
    ...(active === undefined && { isStateUnknown: true }),
  };
}

/** Whether it is the user who was asked for: services match by prefix, or ignore a filter. */
export function matches(user: ScimUser, attribute: LookUpAttribute, value: string): boolean {
  if (attribute === "externalId") return user.externalId === value;
  return hasAddress(user, value);
}

/** Whichever of the two was asked for: a service may keep the address in either. */
export function hasAddress({ userName, emails }: ScimUser, email: string): boolean {
  const wanted = email.toLowerCase();
  return userName?.toLowerCase() === wanted || emails.includes(wanted);
}

/** What the user has there, for asking the service about it. */
export function lookUpValue(user: ScimUser, attribute: LookUpAttribute): string | undefined {
  switch (attribute) {
    case "externalId":
      return user.externalId;
    case "userName":
      return user.userName;
    case "emails.value":
      return user.emails[0];
  }
}

/**
 * `attribute eq "value"`. The value is a JSON string, with JSON's escapes.
 *
 * https://www.rfc-editor.org/rfc/rfc7644.html#section-3.4.2.2
 */
export function filterBy(attribute: LookUpAttribute, value: string): string {
  return `${attribute} eq ${JSON.stringify(value)}`;
}

const coreSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
const enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** Why a user cannot be created: the target wants names that HR does not tell, and a made-up one would be shown to everybody. */
export function refuseNewUser(
  { profile = {} }: CallEntry,
  { name, requiredNames }: Pick<ScimProfile, "name" | "requiredNames">,
): Failure | undefined {
  const missing = requiredNames.value.filter((each) => profile[each] === undefined);
  if (missing.length === 0) return undefined;
  return {
    class: "permanent",
    code: "NamesMissing",
    message: `${name} creates no user without ${missing.join(" and ")}; let HR send them as data.profile`,
  };
}

/** The resource of a new user. `active` is always there, because one service takes its absence for `false`. */
export function newUser(
  { target, externalId, profile = {}, license: licenseName }: CallEntry,
  { license }: Pick<ScimProfile, "license">,
): ScimObject {
  const enterprise = enterpriseOf(profile);
  const place = license.value;
  const licensed =
    licenseName === undefined || place === "none"
      ? {}
      : withAttributeAt(place.path, licenseValue(place, licenseName));
  const extensions = [
    enterprise !== undefined && enterpriseSchema,
    place !== "none" && licenseName !== undefined && extensionOf(place.path),
  ].filter((schema) => typeof schema === "string");
  return {
    schemas: [...new Set([coreSchema, ...extensions])],
    userName: target,
    ...(externalId !== undefined && { externalId }),
    ...namesOf(profile),
    displayName: displayNameOf(profile) ?? target,
    emails: [{ value: target, type: "work", primary: true }],
    active: true,
    ...licensed,
    ...(enterprise !== undefined && { [enterpriseSchema]: { ...enterprise, ...extensionPart(licensed) } }),
  };
}

/** A license may stand in the same extension. */
function extensionPart(licensed: ScimObject): ScimObject {
  const part = licensed[enterpriseSchema];
  return isScimObject(part) ? part : {};
}

function namesOf({ givenName, familyName }: UserProfile): ScimObject {
  if (givenName === undefined && familyName === undefined) return {};
  return {
    name: { ...(givenName !== undefined && { givenName }), ...(familyName !== undefined && { familyName }) },
  };
}

function displayNameOf({ displayName, givenName, familyName }: UserProfile): string | undefined {
  if (displayName !== undefined) return displayName;
  const names = [givenName, familyName].filter((each) => each !== undefined);
  return names.length === 0 ? undefined : names.join(" ");
}

function enterpriseOf({ department, employeeNumber }: UserProfile): ScimObject | undefined {
  if (department === undefined && employeeNumber === undefined) return undefined;
  return {
    ...(department !== undefined && { department }),
    ...(employeeNumber !== undefined && { employeeNumber }),
  };
}

/** What a user is changed to. */
export type Change = { path: "active"; value: boolean } | { path: "license"; value: string };

const patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/**
 * One operation with a path, the one shape that every known service takes.
 *
 * https://www.rfc-editor.org/rfc/rfc7644.html#section-3.5.2
 */
export function patchOperations(change: Change, license: License): readonly ScimObject[] {
  if (change.path === "active") return [{ op: "replace", path: "active", value: change.value }];
  if (license === "none")
    throw new RangeError("the target has no license that SCIM can set; plan no such call");
  return [{ op: "replace", path: license.path, value: licenseValue(license, change.value) }];
}

export function patchMessage(change: Change, license: License): ScimObject {
  return { schemas: [patchSchema], Operations: patchOperations(change, license) };
}

function licenseValue({ shape, type }: LicensePlace, license: string): unknown {
  return shape === "text" ? license : [{ value: license, ...(type !== undefined && { type }) }];
}

/** Whether a user is as the change wants: `undefined` if the answer does not show it. */
export function isAs(user: ScimUser, change: Change): boolean | undefined {
  const shown = change.path === "active" ? user.active : user.license;
  return shown === undefined ? undefined : shown === change.value;
}
