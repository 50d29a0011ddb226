import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const bridge = fileURLToPath(new URL("../../src/infra/serverless.cjs", import.meta.url));
const policy = fileURLToPath(new URL("../../policy.yml", import.meta.url));

/** What the serverless command does with the bridge, in that folder. Prints the names of the functions. */
const program = programThat("console.log(Object.keys(functions).length)");

/** Prints what the pipelines' roles may ask of the directory besides what all versions of the policy need. */
const permissions = programThat(
  `console.log(JSON.stringify(Object.entries(resources.Resources).flatMap(([id, { Properties }]) =>
    (Properties?.Policies ?? []).flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap(({ Action }) => Action)
      .filter((action) => ["chime:LogoutUser", "chime:ResetPersonalPIN"].includes(action))
      .map((action) => id + " " + action))))`,
);

function programThat(prints: string): string {
  return `
require(${JSON.stringify(bridge)})({ resolveConfigurationProperty: async () => "" })
  .then(({ functions, resources, define }) => ${prints});
`;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "serverless-"));
});
afterAll(() => rm(folder, { recursive: true }));

const load = (text = program) => promisify(execFile)(process.execPath, ["-e", text], { cwd: folder });

describe("the bridge from serverless.yml", () => {
  it("gives the functions where the policy is right", async () => {
    await copyFile(policy, join(folder, "policy.yml"));
    expect(Number((await load()).stdout)).toBeGreaterThan(0);
  });

  it.each([
    { after: "", allowed: [] },
    { after: "afterSuspension: { signOut: false, resetPin: false }\n", allowed: [] },
    {
      after: "afterSuspension: { signOut: true, resetPin: true }\n",
      allowed: ["OffboardRole chime:LogoutUser", "OffboardRole chime:ResetPersonalPIN"],
    },
    {
      after: "",
      ofAccount: ", afterSuspension: { signOut: true }",
      allowed: ["OffboardRole chime:LogoutUser"],
    },
  ])(
    "lets the leavers' function do after a suspension what the policy asks for, and no other function: $allowed",
    async ({ after, ofAccount = "", allowed }) => {
      const accounts = `accounts: [{ id: team, domains: [example.com]${ofAccount} }]\n`;
      await writeFile(join(folder, "policy.yml"), `${after}${accounts}`);
      expect(JSON.parse((await load(permissions)).stdout)).toEqual(allowed);
    },
  );

  it("leaves code for SCIM services out of the bundles of a policy that has none", async () => {
    const scim = (profile: string) =>
      `{ id: a, domains: [a.example], directory: { kind: scim, profile: ${profile}, baseUrl: "https://a.example/v2", secret: /a } }`;
    const defined = async (account: string) => {
      await writeFile(join(folder, "policy.yml"), `accounts: [${account}]\n`);
      return JSON.parse((await load(programThat("console.log(JSON.stringify(define))"))).stdout);
    };
    expect([await defined("{ id: team, domains: [example.com] }"), await defined(scim("slack"))]).toEqual([
      { "process.env.PACKAGED_WITHOUT_SCIM": '"true"' },
      { "process.env.PACKAGED_WITHOUT_SCIM": '"false"' },
    ]);
    await expect(defined(scim("pagerduty"))).rejects.toThrow(
      "policy.yml asks for what its directories cannot do:\n  accounts[0].suspension: PagerDuty deletes",
    );
  });

  it("stops packaging at a policy that is wrong, and names the field", async () => {
    await writeFile(join(folder, "policy.yml"), "accounts: [{ id: team, domains: [localhost] }]\n");
    await expect(load()).rejects.toThrow(
      "policy.yml is not a valid policy:\n  accounts[0].domains[0]: must be an e-mail domain",
    );
  });
});
