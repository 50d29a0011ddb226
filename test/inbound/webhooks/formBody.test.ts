import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseForm } from "../../../src/inbound/webhooks/formBody.ts";

const bounds = { depth: 8, values: 1000 };
const read = (text: string) => parseForm(text, bounds);

/** As PHP writes a form: the names of what is nested in brackets. */
function toPairs(value: unknown, name: string): [string, string][] {
  if (typeof value === "string") return [[name, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    toPairs(inner, name === "" ? key : `${name}[${key}]`),
  );
}

describe("parseForm", () => {
  it("reads what is nested in brackets, lists, and characters that were escaped", () => {
    expect(
      read("type=a+b&data[id]=1%2B0&data[changed][]=x&data[changed][]=y&data%5Bmore%5D%5B0%5D="),
    ).toEqual({
      kind: "read",
      payload: { type: "a b", data: { id: "1+0", changed: ["x", "y"], more: [""] } },
    });
  });

  it("reads whatever was written as a form", () => {
    const key = fc.stringMatching(/^[A-Za-z #_]{1,8}$/);
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.string(), tie("list"), tie("fields")),
      list: fc.array(tie("value"), { minLength: 1, maxLength: 3 }),
      fields: fc.dictionary(key, tie("value"), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1, maxKeys: 3, noNullPrototype: true }), (payload) => {
        expect(read(String(new URLSearchParams(toPairs(payload, ""))))).toEqual({ kind: "read", payload });
      }),
    );
  });

  it("takes a field named as a prototype for a field, and reads whatever it is given", () => {
    const { payload } = { payload: undefined, ...read("__proto__[admin]=1&constructor[prototype][admin]=1") };
    expect([Object.keys(payload ?? {}), Reflect.get({}, "admin")]).toEqual([
      ["__proto__", "constructor"],
      undefined,
    ]);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "[", "]", "=", "&", "%", "0") }), (text) => {
        expect(["read", "breach"]).toContain(read(text).kind);
      }),
    );
  });

  it("stops at too many fields, and at fields too deep", () => {
    expect([read("a=1&".repeat(1001)), read(`a${"[b]".repeat(8)}=1`)]).toEqual([
      { kind: "breach", why: "expected a form with at most 1000 fields; got more" },
      { kind: "breach", why: "expected a form with fields of at most 8 levels; got more" },
    ]);
  });
});
