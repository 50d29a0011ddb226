import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foreignToken, takePage } from "../../../src/local/chime/page.ts";

/** Follows the tokens to the end. */
function pagesOf(
  all: readonly (number | undefined)[],
  size: number,
  fits: (item: number) => boolean,
): number[][] {
  const pages: number[][] = [];
  let token: string | undefined;
  do {
    const page = takePage(all, { list: "l", size, token, fits });
    if (page === foreignToken) throw new Error("a token of the list itself was refused");
    pages.push(page.items);
    token = page.nextToken;
  } while (token !== undefined);
  return pages;
}

describe("takePage", () => {
  it("hands out every fitting item once, in order, in full pages but the last", () => {
    const items = fc.array(fc.option(fc.nat(9), { nil: undefined }), { maxLength: 40 });
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 7 }), fc.nat(9), (all, size, largest) => {
        const fits = (item: number) => item <= largest;
        const expected = all.filter((item) => item !== undefined).filter(fits);
        const pages = pagesOf(all, size, fits);
        expect(pages.flat()).toEqual(expected);
        expect(pages.length).toBe(Math.max(1, Math.ceil(expected.length / size)));
      }),
    );
  });

  it("refuses every token but its own", () => {
    fc.assert(
      fc.property(fc.string(), (token) => {
        expect(takePage([1, 2], { list: "l", size: 1, token, fits: () => true })).toBe(foreignToken);
      }),
    );
  });
});
