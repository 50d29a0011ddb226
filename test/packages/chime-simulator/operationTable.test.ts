import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRoute, operationNames, operationRow } from "../../../packages/chime-simulator/operationTable.ts";

describe("findRoute", () => {
  it.each(operationNames)("finds %s with any ids in its path", (operation) => {
    const { method, path, action } = operationRow(operation);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (AccountId, UserId) => {
        const ids = { AccountId, UserId };
        const filled = path.replace(/\{(AccountId|UserId)\}/g, (_, name: keyof typeof ids) =>
          encodeURIComponent(ids[name]),
        );
        const target = action === undefined ? filled : `${filled}?operation=${action}`;
        expect(findRoute(method, target)).toEqual({
          kind: "found",
          operation,
          labels: {
            ...(path.includes("{AccountId}") ? { AccountId } : {}),
            ...(path.includes("{UserId}") ? { UserId } : {}),
          },
          query: action === undefined ? {} : { operation: action },
        });
      }),
    );
  });

  it("decodes the query, with what a value may hold", () => {
    expect(findRoute("GET", "/accounts?name=a%26b+c&user-email=x%2By%40z.example")).toMatchObject({
      operation: "ListAccounts",
      query: { name: "a&b c", "user-email": "x+y@z.example" },
    });
  });
});
