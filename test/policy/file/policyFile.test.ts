import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPolicy } from "../../../src/policy/file/policyFile.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-policy-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(text: string): string {
  const file = join(folder, "policy.yml");
  writeFileSync(file, text);
  return file;
}

describe("readPolicy", () => {
  it("reads a policy as it is written", () => {
    const file = write(`accounts:
  - id: team # The one of the head office.
    domains: [example.com]
    licensePerRole: {sales: Plus}
`);
    expect(readPolicy(file)).toEqual({
      accounts: [{ id: "team", domains: ["example.com"], licensePerRole: { sales: "Plus" } }],
    });
  });

  it("reads the project's own policy", () => {
    expect(readPolicy("policy.yml").accounts.length).toBeGreaterThan(0);
  });

  it("names the file and each field that is wrong", () => {
    const file = write("accounts:\n  - id: ''\n    domains: [localhost]\n");
    expect(() => readPolicy(file)).toThrow(
      new RegExp(
        `^${file} is not a valid policy:\n  accounts\\[0\\]\\.id: .+\n  accounts\\[0\\]\\.domains\\[0\\]: must be an e-mail domain, such as example\\.com$`,
      ),
    );
  });

  it("says of a file that holds no more than a word that the whole is wrong", () => {
    const file = write("accounts");
    expect(() => readPolicy(file)).toThrow(`${file} is not a valid policy:\n  (the whole): `);
  });

  it.each([
    ["is empty", "", "expected a document"],
    ["is not YAML", "accounts:\n  - id: [team", /\(2:\d+\)/],
    ["names a field twice", "accounts: []\naccounts: []", /duplicated mapping key \(2:1\)/],
  ])("names the file that %s, and the line and the column", (_, text, where) => {
    const file = write(text);
    expect(() => readPolicy(file)).toThrow(`${file} is not YAML: `);
    expect(() => readPolicy(file)).toThrow(where);
  });

  it("names the file that is not there", () => {
    const file = join(folder, "nowhere.yml");
    expect(() => readPolicy(file)).toThrow(file);
  });
});
