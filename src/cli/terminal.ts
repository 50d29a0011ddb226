import type { Readable } from "node:stream";
import { styleText } from "node:util";

/** The streams that a command talks through. Results go to stdout; all that is said meanwhile, to stderr. */
export interface Terminal {
  stdin: InputStream;
  stdout: OutputStream;
  stderr: OutputStream;
}

/** The parts of the process's own streams that count here. */
type InputStream = Readable & { isTTY?: boolean };
export type OutputStream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

export type TextStyle = Parameters<typeof styleText>[0];

/** Colours the text where the stream is a terminal; NO_COLOR and FORCE_COLOR have their say. */
export function paint(stream: OutputStream, style: TextStyle, text: string): string {
  return styleText(style, text, { stream });
}

/** The one form of all errors. */
export function writeError(stderr: OutputStream, message: string): void {
  stderr.write(`${paint(stderr, "red", "error:")} ${message}\n`);
}

/** `1,234 events`, `1 event`. */
export function countOf(n: number, noun: string): string {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}

/** `1,234 people`, `1 person`. */
export function countPeople(n: number): string {
  return `${n.toLocaleString("en")} ${n === 1 ? "person" : "people"}`;
}
