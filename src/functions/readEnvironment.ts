import type * as z from "zod";

/** A function's environment, checked at its cold start. Throws an error that names each variable that is wrong. */
export function readEnvironment<T extends z.ZodType>(
  schema: T,
  environment: Record<string, string | undefined>,
): z.output<T> {
  // Read once: to compile the schema first would take longer.
  const parsed = schema.safeParse(environment, { jitless: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Error(`The function's environment is wrong; see src/deploy/. ${problems.join("; ")}`);
}
