import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entrySizeBytes, MAX_ENTRIES_PER_REQUEST, MAX_REQUEST_BYTES } from "../../src/events/entrySize.ts";
import { type Pack, packLines } from "../../src/events/packLines.ts";
import type { ToEntryResult } from "../../src/events/toEntry.ts";
import { collect } from "./collect.ts";
import { toLines } from "./eventLines.ts";

/** A line here is the number of bytes that its detail shall have, or a bad one. */
const bad = "bad";

function check(bytes: Uint8Array): ToEntryResult {
  const text = Buffer.from(bytes).toString().trim();
  if (text === bad) return { status: "refused", code: "NotJson", message: "bad" };
  return { status: "entry", entry: { source: "s", detailType: "t", detail: "x".repeat(Number(text)) } };
}

const pack = (texts: string[]) => collect(packLines(toLines(texts), check));
const entriesOf = (lines: Pack) =>
  lines.flatMap((line) => (line.check.status === "entry" ? [line.check.entry] : []));
const bytesOf = (lines: Pack) => entriesOf(lines).reduce((sum, entry) => sum + entrySizeBytes(entry), 0);

const line = fc.oneof(
  { weight: 12, arbitrary: fc.constant("700") },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: MAX_REQUEST_BYTES - 3 }).map(String) },
  { weight: 1, arbitrary: fc.constant(bad) },
);

describe("packLines", () => {
  it("keeps every line, in order, and no pack breaks a limit of PutEvents", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 60, size: "max" }), async (texts) => {
        const packs = await pack(texts);
        expect(packs.flat().map((checked) => checked.line.number)).toEqual(
          texts.map((_, index) => index + 1),
        );
        for (const lines of packs) {
          expect(lines.length).toBeGreaterThan(0);
          expect(entriesOf(lines).length).toBeLessThanOrEqual(MAX_ENTRIES_PER_REQUEST);
          expect(bytesOf(lines)).toBeLessThan(MAX_REQUEST_BYTES);
        }
      }),
    );
  });

  it("cuts only where the next entry would not have fitted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 60, size: "max" }), async (texts) => {
        const packs = await pack(texts);
        for (const [index, lines] of packs.slice(0, -1).entries()) {
          const [next] = entriesOf(packs[index + 1] ?? []);
          const isFull = entriesOf(lines).length === MAX_ENTRIES_PER_REQUEST;
          const isHeavy = next !== undefined && bytesOf(lines) + entrySizeBytes(next) >= MAX_REQUEST_BYTES;
          expect(isFull || isHeavy).toBe(true);
        }
      }),
    );
  });

  it("does not gather bad lines without end", async () => {
    const packs = await pack(Array(2500).fill(bad));
    expect(packs.map((lines) => lines.length)).toEqual([1000, 1000, 500]);
  });
});
