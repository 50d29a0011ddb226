import type * as z from "zod";
import { type Conclusion, unusable } from "./reading.ts";

/** A message that is not of the shape that its sender documents: where, and not what stands there. */
export function notAsDocumented(what: string, { issues }: z.ZodError): Conclusion {
  const places = issues.map(({ path }) => path.join(".") || "the whole");
  return unusable(`${what} is not as documented: ${places.join(", ")}`);
}
