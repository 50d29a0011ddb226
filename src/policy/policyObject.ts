import * as z from "zod";

/** The schema of an object in the policy. It refuses an unknown field, and names the fields that it knows. */
export function policyObject<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === "unrecognized_keys" ? `unknown field; expected one of ${known}` : undefined,
  });
}
