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

const largestBundleBytes = 1_000_000;
const longestImportMilliseconds = 200;

describe.each(packagedFunctions)("the package of $FunctionName", (packaged) => {
  it("holds the handler, its source map and the policy, and nothing else", async () => {
    const files = await filesOf(packaged);
    const handler = handlerFile(packaged);
    expect(Object.keys(files).toSorted()).toEqual(["policy.yml", handler, `${handler}.map`]);
    expect(Buffer.from(files["policy.yml"] ?? [])).toEqual(await readFile("policy.yml"));
  });

  it("has a bundle of less than a megabyte", async () => {
    const bundle = (await filesOf(packaged))[handlerFile(packaged)];
    expect(bundle?.byteLength).toBeLessThan(largestBundleBytes);
  });
});

describe.each(withDistinctHandlers(packagedFunctions))("the bundle of $Handler", (packaged) => {
  it("is imported in a fresh process in a fifth of a second", async () => {
    const folder = await mkdtemp(join(tmpdir(), "rollcall-bundle-"));
    folders.push(folder);
    await unpack(packaged, folder);
    const milliseconds: number[] = [];
    for (let run = 0; run < 5; run++) {
      const imported = await importFresh(packaged, folder);
      expect(imported.handler).toBe("function");
      milliseconds.push(imported.milliseconds);
    }
    // The fastest of five: whatever else the machine does can only make one slower.
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
  const start = performance.now();
  const { handler } = await import(process.argv[1]);
  console.log(JSON.stringify({ handler: typeof handler, milliseconds: performance.now() - start }));`;

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
