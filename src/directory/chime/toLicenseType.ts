import { License } from "@aws-sdk/client-chime";

const licenses: readonly string[] = Object.values(License);

/** Throws `RangeError` for a license that Chime does not have; the plan asks only for licenses that the account supports. */
export function toLicenseType(name: string | undefined): License {
  if (isLicenseType(name)) return name;
  throw new RangeError(`license ${name ?? "(none)"}: expected one of ${licenses.join(", ")}`);
}

export function isLicenseType(name: string | undefined): name is License {
  return name !== undefined && licenses.includes(name);
}
