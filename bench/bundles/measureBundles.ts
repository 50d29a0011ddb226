import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { environmentVariables } from "@rollcall/aws-local/environmentVariables";
import { readTemplate } from "@rollcall/aws-local/readTemplate";
import type { FunctionModel, StackModel } from "@rollcall/aws-local/stackModel";
import { unpackFunction } from "@rollcall/aws-local/startFunctions";
import * as z from "zod";
import { devAccount } from "../../dev/service/devAccount.ts";
import { type Spread, spreadOf } from "../report/spread.ts";

export interface BundleFigures {
  function: string;
  /** Of the minified code, without its source map. */
  kilobytes: number;
  /** From the start of the import to its end, in a fresh process that does nothing else. */
  importMilliseconds: Spread;
}

const imports = 7;

/** Weighs each function of a packaged service and imports it as a cold start does. */
export async function measureBundles(
  packageDirectory: string,
  workDirectory: string,
): Promise<BundleFigures[]> {
  const { functions } = await readPackage(packageDirectory);
  const figures: BundleFigures[] = [];
  // One after the other: side by side they would slow each other down.
  for (const fn of functions) {
    const codeDirectory = await unpackFunction(fn, packageDirectory, workDirectory);
    const bundle = join(codeDirectory, fn.handler.replace(/\.\w+$/, ".mjs"));
    const { size } = await stat(bundle);
    const milliseconds: number[] = [];
    for (let run = 0; run < imports; run += 1)
      milliseconds.push(await importFresh(fn, codeDirectory, bundle));
    figures.push({ function: fn.name, kilobytes: size / 1000, importMilliseconds: spreadOf(milliseconds) });
  }
  return figures;
}

const imported = z.object({ handler: z.literal("function"), milliseconds: z.number() });
const script = `
  const start = performance.now();
  const { handler } = await import(process.argv[1]);
  const milliseconds = performance.now() - start;
  console.log(JSON.stringify({ handler: typeof handler, milliseconds }));`;

async function importFresh(fn: FunctionModel, codeDirectory: string, bundle: string): Promise<number> {
  const own = { ...fn.environment, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", script, bundle],
    { cwd: codeDirectory, env: environmentVariables({ ...fn, codeDirectory }, own, process.env.PATH ?? "") },
  );
  return imported.parse(JSON.parse(stdout)).milliseconds;
}

/** What a packaged service would deploy. Its queues are at an address where nobody answers. */
export async function readPackage(directory: string): Promise<StackModel> {
  const template = await readFile(join(directory, "cloudformation-template-update-stack.json"), "utf8");
  const queueUrl = (name: string) => `http://127.0.0.1:9/${devAccount.accountId}/${name}`;
  return readTemplate(JSON.parse(template), { ...devAccount, queueUrl });
}
