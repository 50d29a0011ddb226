import { InvalidArgumentError, Option } from "commander";
import { parseDuration } from "./parseDuration.ts";

/** An option such as `--older-than 36h`, in milliseconds. */
export function ageOption(flag: string, description: string): Option {
  return new Option(`${flag} <age>`, `${description}, such as 90m, 36h or 7d`).argParser(toMilliseconds);
}

function toMilliseconds(text: string): number {
  const length = parseDuration(text);
  if (length !== undefined) return length;
  throw new InvalidArgumentError("Expected a length of time such as 90m, 36h, 7d or 2w.");
}
