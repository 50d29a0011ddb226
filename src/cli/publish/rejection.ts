import { maskEmails } from "../../privacy/masking.ts";
import type { LineResult } from "./lineResult.ts";

/** A line that was not accepted, without its content: that is in the rejected file, and may be personal. */
export interface Rejection {
  line: number;
  status: "malformed" | "refused" | "unsent";
  reasons: string[];
}

/**
 * `undefined` for a line that is well. The service's own words may quote what was sent, so addresses in them
 * are masked; a problem never quotes.
 */
export function toRejection(result: LineResult): Rejection | undefined {
  const { status } = result;
  const line = result.line.number;
  switch (status) {
    case "accepted":
    case "valid":
      return undefined;
    case "malformed":
      return { line, status, reasons: result.problems.map(({ path, message }) => `${path}: ${message}`) };
    case "refused":
      return { line, status, reasons: [maskEmails(`${result.code}: ${result.message}`)] };
    case "unsent":
      return { line, status, reasons: [maskEmails(`not sent: ${result.reason}`)] };
  }
}
