import * as z from "zod";
import { isUnmistakable, unmistakable } from "./lookAlikes.ts";

/** The code of an address that was copied from a report: whoever has it is somebody else, or nobody. */
const maskedAddressCode = "MaskedAddress";

/**
 * Text of at most so many characters, counted as people and JSON Schema count them: one that takes two units of UTF-16 is one. The
 * length is checked before the pattern and ends the check, so that a hostile string never reaches a pattern.
 */
export function text(maxLength: number, expectation: string, pattern?: RegExp) {
  const bounded = z
    .string({ error: expectation })
    .max(2 * maxLength, { abort: true })
    .refine((value) => value.length <= maxLength || countCharacters(value) <= maxLength, {
      error: expectation,
      abort: true,
    })
    .meta({ maxLength });
  return pattern === undefined ? bounded : bounded.regex(pattern, { error: expectation, abort: true });
}

export function countCharacters(value: string): number {
  return value.length - (value.match(pair)?.length ?? 0);
}

const pair = /[\ud800-\udbff][\udc00-\udfff]/g;

/**
 * A word of HR's. No control characters, no half of a surrogate pair, which has no encoding, and neither of the two code points
 * that no queue takes.
 */
export function printable(maxLength: number) {
  return text(
    maxLength,
    `printable text of 1 to ${maxLength} characters without white space around it`,
    /^[^\s\p{Cc}\p{Cs}\ufffe\uffff](?:[^\p{Cc}\p{Cs}\ufffe\uffff]*[^\s\p{Cc}\p{Cs}\ufffe\uffff])?$/u,
  );
}

/**
 * An id, which becomes part of a key of the ledger. A key takes 1024 bytes and more, and a character has four at most. Two ids
 * that look alike would be two people, so there is nothing in it that cannot be seen, or looks like something else.
 */
export function identifier(maxLength: number) {
  return printable(maxLength).refine(isUnmistakable, {
    error: `printable text of 1 to ${maxLength} characters ${unmistakable}`,
  });
}

/** An id of HR's own. Several people or events under one placeholder would be taken for one. */
export function ownIdentifier(maxLength: number) {
  return identifier(maxLength).refine((value) => !isPlaceholder(value), {
    error: "an id of its own, and no placeholder such as N/A, 0, - or unknown",
  });
}

/** Excludes the characters that only a quoted local part may hold: no directory takes them, and `maskEmails` ends at them. */
export function emailAddress() {
  const expectation = "an e-mail address of at most 254 characters, such as ada@example.com";
  return (
    text(
      254,
      expectation,
      /^[^\s@"<>(),:;\p{Cc}\p{Cs}\ufffe\uffff]+@[^\s@"'<>(),:;.\p{Cc}\p{Cs}\ufffe\uffff]+(?:\.[^\s@"'<>(),:;.\p{Cc}\p{Cs}\ufffe\uffff]+)+$/u,
    )
      // It is used in lower case from here on, in which a few characters become two.
      .refine((value) => value.length <= 127 || countCharacters(value.toLowerCase()) <= 254, {
        error: expectation,
        abort: true,
      })
      .refine(isUnmistakable, { error: `an e-mail address such as ada@example.com, ${unmistakable}` })
      .refine((value) => !value.includes("***"), {
        error: "the whole address, and not one masked with ***",
        params: { code: maskedAddressCode },
      })
      .overwrite(withPlainApostrophe)
  );
}

/** A word processor writes another apostrophe than the keyboard, and the address would be another one. No mailbox has it. */
function withPlainApostrophe(address: string): string {
  return address.replaceAll(/[\u2018\u2019\u02bc\uff07]/g, "'");
}

/** What programs and people write where there is no id, whatever its case and the punctuation around it. */
function isPlaceholder(value: string): boolean {
  // Nearly every id has a figure, and no placeholder but -1 has another one than 0.
  if (/[1-9]/.test(value)) return value === "-1";
  const bare = value.toLowerCase().replaceAll(/^[\p{P}\s<>|~^`$+=]+|[\p{P}\s<>|~^`$+=]+$/gu, "");
  return zero.test(bare) || placeholders.has(bare.replaceAll(/[\p{P}\s]+/gu, " "));
}

/** Zero as a number, and the nil UUID. */
const zero = /^(?:0+(?:\.0+)?|0{8}-0{4}-0{4}-0{4}-0{12})$/;

const placeholders: ReadonlySet<string> = new Set([
  "",
  "n a",
  "na",
  "nan",
  "nil",
  "null",
  "none",
  "undefined",
  "unknown",
  "unassigned",
  "missing",
  "empty",
  "blank",
  "tba",
  "tbc",
  "tbd",
  "no id",
  "not applicable",
  "not assigned",
  "not available",
  "not known",
  "not provided",
  "not set",
]);
