import * as z from "zod";

/** An object of the policy: a field that it does not know is refused, and told beside those that it does know. */
export function policyObject<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === "unrecognized_keys" ? `unknown field; expected one of ${known}` : undefined,
  });
}
