import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const bridge = fileURLToPath(new URL("../../src/deploy/serverless.cjs", import.meta.url));
const policy = fileURLToPath(new URL("../../policy.yml", import.meta.url));

/** What the serverless command does with the bridge, in that folder. Prints the names of the functions. */
const program = `
require(${JSON.stringify(bridge)})({ resolveConfigurationProperty: async () => "" })
  .then(({ functions }) => console.log(Object.keys(functions).length));
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "serverless-"));
});
afterAll(() => rm(folder, { recursive: true }));

const load = () => promisify(execFile)(process.execPath, ["-e", program], { cwd: folder });

describe("the bridge from serverless.yml", () => {
  it("gives the functions where the policy is right", async () => {
    await copyFile(policy, join(folder, "policy.yml"));
    expect(Number((await load()).stdout)).toBeGreaterThan(0);
  });

  it("stops packaging at a policy that is wrong, and names the field", async () => {
    await writeFile(join(folder, "policy.yml"), "accounts: [{ id: team, domains: [localhost] }]\n");
    await expect(load()).rejects.toThrow(
      "policy.yml is not a valid policy:\n  accounts[0].domains[0]: must be an e-mail domain",
    );
  });
});
