import { maskEmails } from "../privacy/maskEmails.ts";

/** Writes one line of JSON to the function's log. Whatever a line was made of, no e-mail address leaves in clear. */
export function writeLog(line: object): void {
  process.stdout.write(`${JSON.stringify(line, maskText)}\n`);
}

function maskText(_key: string, value: unknown): unknown {
  return typeof value === "string" ? maskEmails(value) : value;
}
