import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import {
  filesOf,
  handlerFile,
  type PackagedFunction,
  packagedFunctions,
  unpack,
} from "./packagedFunction.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** The largest has 645 kB. Whatever `serverless.yml` excludes would exceed the rest. */
const largestBundleBytes = 660_000;
/** It reads Excel workbooks too, and asks the ledger for addresses; it starts once an hour, and nobody waits for it. */
const largestRosterBundleBytes = 710_000;
/** CPU time of all threads; on a quiet machine it is a fifth of a second of wall time, which depends on what else runs. */
const longestImportMilliseconds = 400;

describe.each(packagedFunctions)("the package of $FunctionName", (packaged) => {
  it("holds the handler, its source map and the policy, and nothing else", async () => {
    const files = await filesOf(packaged);
    const handler = handlerFile(packaged);
    expect(Object.keys(files).toSorted()).toEqual(["policy.yml", handler, `${handler}.map`]);
    expect(Buffer.from(files["policy.yml"] ?? [])).toEqual(await readFile("policy.yml"));
  });

  it("has a bundle of less than 660 kB (710 of the roster), because a cold start reads all of it", async () => {
    const bundle = (await filesOf(packaged))[handlerFile(packaged)];
    const isRoster = packaged.FunctionName.endsWith("-roster");
    expect(bundle?.byteLength).toBeLessThan(isRoster ? largestRosterBundleBytes : largestBundleBytes);
  });

  it("holds no code for SCIM services, of which the policy has none, and no client for their secrets", async () => {
    const bundle = Buffer.from((await filesOf(packaged))[handlerFile(packaged)] ?? []).toString();
    const client = packaged.FunctionName.endsWith("-webhook") ? [] : ["AmazonSSM"];
    const ofScim = ["urn:ietf:params:scim", "PatchOp", ...client];
    expect(ofScim.filter((text) => bundle.includes(text))).toEqual([]);
  });

  it("has its source map read by Lambda, so that a trace names the sources", () => {
    expect(packaged.Environment.Variables.NODE_OPTIONS).toBe("--enable-source-maps");
  });

  it("takes its role's credentials from the environment, and carries no other source of them", async () => {
    const bundle = Buffer.from((await filesOf(packaged))[handlerFile(packaged)] ?? []).toString();
    const others = ["AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_WEB_IDENTITY_TOKEN_FILE", "sso_start_url"];
    expect(bundle).toContain("AWS_SESSION_TOKEN");
    expect(others.filter((text) => bundle.includes(text))).toEqual([]);
  });
});

describe.each(withDistinctHandlers(packagedFunctions))("the bundle of $Handler", (packaged) => {
  it("takes a fresh process less than four tenths of a second of the processor's time to import", async () => {
    const folder = await mkdtemp(join(tmpdir(), "rollcall-bundle-"));
    folders.push(folder);
    await unpack(packaged, folder);
    const milliseconds: number[] = [];
    for (let run = 0; run < 5; run++) {
      const imported = await importFresh(packaged, folder);
      expect(imported.handler).toBe("function");
      milliseconds.push(imported.milliseconds);
    }
    // The fastest of five: what else the machine does, to its caches and its clock, can only make one slower.
    expect(Math.min(...milliseconds)).toBeLessThan(longestImportMilliseconds);
  });
});

function withDistinctHandlers(functions: readonly PackagedFunction[]): PackagedFunction[] {
  return [...new Map(functions.map((packaged) => [packaged.Handler, packaged])).values()];
}

const givenByLambda = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
};
const importedSchema = z.object({ handler: z.string(), milliseconds: z.number() });
const importScript = `
  const start = process.cpuUsage();
  const { handler } = await import(process.argv[1]);
  const { user, system } = process.cpuUsage(start);
  console.log(JSON.stringify({ handler: typeof handler, milliseconds: (user + system) / 1000 }));`;

/** Imports the bundle as Lambda would at a cold start, and tells how long it took and what `handler` is. */
async function importFresh(packaged: PackagedFunction, folder: string) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", importScript, join(folder, handlerFile(packaged))],
    { cwd: folder, env: { ...givenByLambda, ...filledIn(packaged.Environment.Variables) } },
  );
  return importedSchema.parse(JSON.parse(stdout));
}

/** The function's variables; what CloudFormation would fill in is an address at which nobody answers. */
function filledIn(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      value.replace(/^\$\{.*\}$/, "http://127.0.0.1:9/a/b"),
    ]),
  );
}
