import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskEmails, maskError, maskQuoted } from "../../src/privacy/masking.ts";
import { processorTime } from "../processorTime.ts";

describe("maskEmails", () => {
  it.each([
    ["ada.lovelace@example.com", "a***@example.com"],
    ["user a@example.com is gone", "user a***@example.com is gone"],
    ['{"email":"ada@example.com","x":1}', '{"email":"a***@example.com","x":1}'],
    [
      "Ada <ada@example.com>, grace@example.org; (alan@example.net)",
      "Ada <a***@example.com>, g***@example.org; (a***@example.net)",
    ],
    ["'o'brien@example.com'", "'o***@example.com'"],
    ["user-email=ada%40example.com", "u***%40example.com"],
    ["ÅSA@exämple.com", "Å***@exämple.com"],
    ["no address @ all, nor @handle", "no address @ all, nor @handle"],
    ["", ""],
    ["ada@example.com|bob@example.org", "a***@example.org"],
    ["x@ada@example.com", "x***@example.com"],
    ["/users/ada@example.com/", "/***@example.com/"],
    ["ada/@example.com", "a***@example.com"],
    ["ada@", "ada@"],
    ["exclusions.addresses: *@example.com", "exclusions.addresses: *@example.com"],
    ["*smith@example.com", "****@example.com"],
  ])("%j becomes %j", (text, masked) => {
    expect(maskEmails(text)).toBe(masked);
  });

  it.each([
    "at runRequest (file:///var/task/node_modules/@middy/core/index.js:186:19)",
    "at node_modules/@aws-sdk/client-sqs/dist-es/index.js:1:2",
    "../node_modules/@smithy/core/node_modules/@smithy/types/index.js",
  ])("leaves a path with an npm scope as it is: %j", (path) => {
    expect(maskEmails(path)).toBe(path);
  });

  it.each([
    ["node_modules/@scope/ada@example.com", "n***@example.com"],
    ["/@scope/x?email=ada%40example.com", "/***%40example.com"],
  ])("hides the address behind a path with a scope: %j becomes %j", (text, masked) => {
    expect(maskEmails(text)).toBe(masked);
  });

  it("never shows more of an address than its first character, whatever surrounds it", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(maskEmails(`${before}ada.lovelace@example.com${after}`)).not.toContain("lovelace");
      }),
    );
  });

  it("shows of any address the first character and the domain only, wherever it stands", () => {
    fc.assert(
      fc.property(localPart, delimiter, delimiter, (local, before, after) => {
        const masked = maskEmails(`${before}${local}@example.com${after}`);
        expect(masked).toBe(`${before}${local.slice(0, 1)}***@example.com${after}`);
      }),
    );
  });

  it("leaves alone what it has masked", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const masked = maskEmails(text);
        expect(maskEmails(masked)).toBe(masked);
      }),
    );
  });

  it.each(["a", "a'", "'", "%40", "a%40", "a@", "@", "/@a/", "/@", "/@a", "'@"])(
    "takes a long text of %j in its stride",
    (piece) => {
      const took = processorTime(() => maskEmails(piece.repeat(200_000)));
      expect(took).toBeLessThan(1000);
    },
  );

  it.each([
    ["quotes before at-signs", "'".repeat(120_000) + "@".repeat(120_000)],
    ["asterisks and quotes before at-signs", "*'".repeat(60_000) + "@".repeat(120_000)],
    ["quotes before encoded at-signs", "'".repeat(120_000) + "%40".repeat(120_000)],
  ])("takes time that grows with the text alone: %s", (_, text) => {
    expect(processorTime(() => maskEmails(text))).toBeLessThan(1000);
  });

  it("takes no longer for any mixture of the characters that it looks for", () => {
    const piece = fc.tuple(
      fc.constantFrom("'", "*", "@", "%40", "/", "a", '"', "/@a", "~"),
      fc.integer({ min: 1, max: 20_000 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
        const text = pieces.map(([characters, times]) => characters.repeat(times)).join("");
        expect(processorTime(() => maskEmails(text))).toBeLessThan(1000);
      }),
      { numRuns: 60 },
    );
  });

  /** The dot-atoms of RFC 5322, section 3.2.3, which is what addresses of companies are made of. */
  const localPart = fc
    .stringMatching(/^[A-Za-z0-9!#$&*+/=?^_`{|}~-][A-Za-z0-9!#$&'*+./=?^_`{|}~-]{0,20}$/)
    .filter((text) => /[^'*]/.test(text));
  const delimiter = fc.constantFrom("", " ", '"', "<", ">", "(", ")", ",", ":", ";", "\n", "user ", ": ");
});

describe("maskQuoted", () => {
  it.each([
    ["Pro", "Pro"],
    ["ada@example.com", "a***@example.com"],
    ["ada.lovelace@,xample.com", "***"],
    ["ada.lovelace@,bob@example.com", "***"],
    ["ada.lovelace%40", "***"],
    ["", ""],
  ])("hides an address that was damaged as a whole: %j becomes %j", (value, quoted) => {
    expect(maskQuoted(value)).toBe(quoted);
  });
});

describe("an error that maskError has masked", () => {
  it("keeps its name and its place, and names nobody", () => {
    const { name, message, stack } = maskError(new TypeError("for ada.lovelace@example.com"));
    expect([name, message]).toEqual(["TypeError", "for a***@example.com"]);
    expect(stack).toMatch(/^TypeError: for a\*\*\*@example\.com\n +at .*masking\.test\.ts/);
  });

  it("has no cause, which would be logged as well", () => {
    const cause = new Error("ada.lovelace@example.com");
    expect("cause" in maskError(new Error("no", { cause }))).toBe(false);
  });

  it("can be made of anything that was thrown", () => {
    expect(maskError("ada.lovelace@example.com").message).toBe("a***@example.com");
  });
});
