import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLogger } from "../../src/functions/createLogger.ts";

let written: string;
beforeEach(() => {
  written = "";
  const keep = (chunk: string | Uint8Array) => {
    written += String(chunk);
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(keep);
  vi.spyOn(process.stderr, "write").mockImplementation(keep);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const settings = { LOG_LEVEL: "INFO", POWERTOOLS_SERVICE_NAME: "rollcall-dev" } as const;

describe("the log", () => {
  it("has one line of JSON for each entry", () => {
    createLogger(settings).info({ message: "two\nlines", counts: { calls: 2 }, none: undefined });
    expect(written.indexOf("\n")).toBe(written.length - 1);
    expect(JSON.parse(written)).toEqual({
      level: "INFO",
      message: "two\nlines",
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      service: "rollcall-dev",
      sampling_rate: 0,
      counts: { calls: 2 },
    });
  });

  it("leaves out what is below its level", () => {
    const logger = createLogger({ ...settings, LOG_LEVEL: "WARN" });
    logger.info("drained");
    logger.warn("retry");
    expect(JSON.parse(written)).toMatchObject({ level: "WARN", message: "retry" });
  });

  it("names nobody, however deep an address stands in a line", () => {
    createLogger(settings).error({
      message: "no user ada.lovelace@example.com",
      more: [{ error: "for\nbob@example.org: x", "carl@example.net": [{ "x=dan%40example.com": 1 }] }],
    });
    expect(JSON.parse(written)).toMatchObject({
      message: "no user a***@example.com",
      more: [{ error: "for\nb***@example.org: x", "c***@example.net": [{ "x***%40example.com": 1 }] }],
    });
  });

  it("names nobody in an error, its stack and its causes, and tells no more than explains it", () => {
    const inner = new Error("ada.lovelace@example.com", { cause: "of ada.lovelace@example.com" });
    const error = Object.assign(new TypeError("for ada.lovelace@example.com", { cause: inner }), {
      code: "E_USER",
      $metadata: { requestId: "r1" },
      $response: { headers: { authorization: "secret" } },
    });
    createLogger(settings).error({ message: "failed", error });
    expect(JSON.parse(written)).toMatchObject({
      error: {
        name: "TypeError",
        message: "for a***@example.com",
        code: "E_USER",
        $metadata: { requestId: "r1" },
        stack: expect.stringMatching(/^TypeError: for a\*\*\*@example\.com\n +at /),
        cause: { message: "a***@example.com", cause: "of a***@example.com" },
      },
    });
    expect(written).not.toMatch(/lovelace|secret/);
  });

  it("ends at an error that is its own cause", () => {
    const error = new Error("for ada.lovelace@example.com");
    error.cause = error;
    createLogger(settings).error({ message: "failed", error });
    expect(JSON.parse(written)).toMatchObject({ error: { message: "for a***@example.com" } });
  });

  it("names nobody in any text", () => {
    const logger = createLogger(settings);
    const around = fc.string({ maxLength: 20 });
    const address = fc.stringMatching(/^[a-z]{6,12}\.[a-z]{6,12}$/);
    fc.assert(
      fc.property(around, address, around, (before, local, after) => {
        written = "";
        logger.warn({ message: "retry", reason: `${before} ${local}@example.com ${after}` });
        expect(written).not.toContain(local);
        expect(JSON.parse(written)).toMatchObject({ reason: expect.stringContaining("***@example.com") });
      }),
    );
  });
});
