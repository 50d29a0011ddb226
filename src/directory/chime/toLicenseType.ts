import { License } from "@aws-sdk/client-chime";

/** Throws `RangeError` for a license that Chime does not have; the plan asks only for licenses that the account supports. */
export function toLicenseType(name: string | undefined): License {
  const license = Object.values(License).find((known) => known === name);
  if (license === undefined) {
    throw new RangeError(`license ${name ?? "(none)"}: expected one of ${Object.values(License).join(", ")}`);
  }
  return license;
}
