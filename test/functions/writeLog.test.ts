import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeLog } from "../../src/functions/writeLog.ts";

let written: string;
beforeEach(() => {
  written = "";
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    written += String(chunk);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("a line of the log", () => {
  it("is one line of JSON", () => {
    writeLog({ level: "info", text: "two\nlines", counts: { calls: 2 }, none: undefined });
    expect(written).toBe('{"level":"info","text":"two\\nlines","counts":{"calls":2}}\n');
  });

  it("names nobody, however deep an address stands in it", () => {
    writeLog({ reason: 'no user "ada.lovelace@example.com"', more: [{ error: "for\nbob@example.org: x" }] });
    expect(JSON.parse(written)).toEqual({
      reason: 'no user "a***@example.com"',
      more: [{ error: "for\nb***@example.org: x" }],
    });
  });

  it("names nobody in any text", () => {
    const around = fc.string({ maxLength: 20 });
    const address = fc.stringMatching(/^[a-z]{6,12}\.[a-z]{6,12}$/);
    fc.assert(
      fc.property(around, address, around, (before, local, after) => {
        written = "";
        writeLog({ error: `${before} ${local}@example.com ${after}` });
        expect(written).not.toContain(local);
        expect(JSON.parse(written)).toEqual({ error: expect.stringContaining("***@example.com") });
      }),
    );
  });
});
