import { maskEmails } from "./maskEmails.ts";

/** An error to throw where somebody else writes it to a log: of the same name, and with every text masked. */
export function maskError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(maskEmails(String(error)));
  const masked = new Error(maskEmails(error.message));
  masked.name = error.name;
  if (error.stack !== undefined) masked.stack = maskEmails(error.stack);
  return masked;
}
