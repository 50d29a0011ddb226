import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { checkPolicy } from "../../src/policy/checkPolicy.ts";
import { toPolicySchema } from "../../src/policy/toPolicySchema.ts";

const root = new URL("../../", import.meta.url);
const schema = JSON.parse(readFileSync(new URL("docs/policy.schema.json", root), "utf8"));
const policyText = readFileSync(new URL("policy.yml", root), "utf8");
const isValid = new Ajv().compile(schema);

/** The project's policy with each of its examples in force. */
const withExamples = policyText.replaceAll(/^( *)#(?=\S)/gm, "$1");

describe("the JSON Schema of the policy", () => {
  it("on disk is the one that the code would write: run `npm run schemas`", () => {
    expect(schema).toEqual(toPolicySchema());
  });

  it("is named by the project's policy, for editors", () => {
    expect(policyText.split("\n")[0]).toBe("# yaml-language-server: $schema=./docs/policy.schema.json");
  });

  it.each([
    "{ accounts: [{ id: a, domains: [a.example] }] }",
    "{ accounts: [{ id: a, domains: [localhost] }] }",
    "{ accounts: [{ id: a, domains: [a.example], licensePerRole: { x: 1 } }] }",
    "{ accounts: [{ id: a, domains: [a.example], licence: Pro }] }",
    "{ accounts: [{ id: a, domains: [a.example] }], safeguard: true }",
    "{ accounts: [{ id: a, domains: [a.example] }], safeguard: { immediate: -1 } }",
    "{ accounts: [{ id: a, domains: [a.example] }], exclusions: { addresses: [chief] } }",
    "{ accounts: [{ id: a, domains: [a.example] }], leaveOfAbsence: { reasons: [x] } }",
    "{ accounts: [] }",
  ])("agrees with the code about %s", (text) => {
    expect(isValid(load(text))).toBe(checkPolicy(text).kind === "valid");
  });
});

describe("the project's policy", () => {
  it("is right as it stands and with each of its examples, for the code and for editors", () => {
    expect([policyText, withExamples].map((text) => [checkPolicy(text).kind, isValid(load(text))])).toEqual([
      ["valid", true],
      ["valid", true],
    ]);
  });

  it("shows every field that there is", () => {
    const shown = namesIn(load(withExamples));
    expect(namesOfFields(schema).filter((name) => !shown.includes(name))).toEqual([]);
    expect(shown).toContain("maxAgeDays");
  });
});

/** Every name in an object, at any depth. */
function namesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return [...names, ...Object.values(value).flatMap(namesIn)];
}

/** Every field that a JSON Schema knows, at any depth. */
function namesOfFields(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  const names = "properties" in node ? Object.keys(Object(node.properties)) : [];
  return [...names, ...Object.values(node).flatMap(namesOfFields)];
}
