import * as z from "zod";

/** The names of a field, in the order in which they are looked for; spaces, case and punctuation make no difference. */
const names = (...defaults: string[]) => z.array(z.string().min(1)).min(1).default(defaults);

/** Administrators rename fields, and `changedFields` may have labels where `fields` has keys. */
export const fieldNames = z.strictObject({
  email: names("workEmail"),
  status: names("status", "employmentStatus"),
  role: names("jobTitle"),
  hireDate: names("hireDate"),
  terminationDate: names("terminationDate"),
  location: names("location"),
  givenName: names("firstName"),
  familyName: names("lastName"),
  displayName: names("displayName"),
  department: names("department"),
  employeeNumber: names("employeeNumber"),
});

type FieldNames = z.output<typeof fieldNames>;

/** A field of an employee, whatever its name is at a company. */
export type FieldName = keyof FieldNames;

/** The names in BambooHR's API, whatever an administrator calls the fields in a webhook. */
export const apiFieldNames = fieldNames.parse({});

/** Adds the API's names to those of the settings, because `changedFields` may use either and no change may be missed. */
export function withApiNames(fields: FieldNames): FieldNames {
  const both = (field: FieldName) => [...fields[field], ...apiFieldNames[field]];
  return {
    ...fields,
    email: both("email"),
    status: both("status"),
    role: both("role"),
    hireDate: both("hireDate"),
  };
}

/** A value may come plain, or in an object with the field `value`. */
const plainValue = z.union([z.string(), z.number()]).transform((value) => String(value).trim());
const fieldValue = z.union([plainValue, z.object({ value: plainValue }).transform(({ value }) => value)]);

/** Finds the value of a field among those that were sent: trimmed; `undefined` for one that is empty or was not sent. */
export function valueFinder(fields: Readonly<Record<string, unknown>>, names: FieldNames) {
  const known = new Map(Object.entries(fields).map(([name, value]) => [normalize(name), value]));
  return (field: FieldName): string | undefined => {
    for (const name of names[field]) {
      const { data } = fieldValue.safeParse(known.get(normalize(name)));
      if (data) return data;
    }
    return undefined;
  };
}

/** Tells whether a field has changed; `undefined` if the message does not say which fields have. */
export function changeFinder(changedFields: readonly string[] | undefined, names: FieldNames) {
  if (changedFields === undefined) return undefined;
  const changed = new Set(changedFields.map(normalize));
  return (field: FieldName): boolean => names[field].some((name) => changed.has(normalize(name)));
}

/** Gives `Work Email` and `workEmail` one name. */
function normalize(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}
