import type * as z from "zod";

/** A function's environment, checked at its cold start. Throws an error that names each variable that is wrong. */
export function readEnvironment<T extends z.ZodType>(
  schema: T,
  environment: Record<string, string | undefined>,
): z.output<T> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Error(`The function's environment is wrong; see src/deploy/. ${problems.join("; ")}`);
}
