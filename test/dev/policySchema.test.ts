import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { toPolicySchema } from "../../dev/jsonSchemas.ts";
import { checkPolicy } from "../../src/policy/checkPolicy.ts";

const root = new URL("../../", import.meta.url);
const schema = JSON.parse(readFileSync(new URL("docs/policy.schema.json", root), "utf8"));
const policyText = readFileSync(new URL("policy.yml", root), "utf8");
const isValid = new Ajv().compile(schema);

/** The project's policy with each of its examples in force. */
const withExamples = policyText.replaceAll(/^( *)#(?=\S)/gm, "$1");

/** The same with one example each: a line, and the deeper ones below it, which are part of it. */
const lines = policyText.split("\n");
const depthOf = (line = "") => line.match(/^ *#(?=\S)/)?.[0].length;
const examples = lines.flatMap((line, first) => {
  const depth = depthOf(line);
  if (depth === undefined || firstOf(first) !== first) return [];
  const isTaken = (at: number) => at === first || (at > first && firstOf(at) === first);
  const text = lines.map((other, at) => (isTaken(at) ? other.replace("#", "") : other)).join("\n");
  return [{ line: first + 1, text }];
});

/** The line at which the example begins that a line is part of; comments in words stand between. */
function firstOf(at: number): number {
  const depth = depthOf(lines[at]) ?? 0;
  const isLessDeep = (line: string) => (depthOf(line) ?? 0) < depth && !/^ *# /.test(line);
  const parent = lines.slice(0, at).findLastIndex(isLessDeep);
  return depthOf(lines[parent]) === undefined ? at : firstOf(parent);
}

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

  it.each(examples)("is right with the example on line $line alone", ({ text }) => {
    expect([checkPolicy(text).kind, isValid(load(text))]).toEqual(["valid", true]);
    expect(load(text)).not.toEqual(load(policyText));
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
