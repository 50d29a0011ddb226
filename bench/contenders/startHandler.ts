import { fileURLToPath } from "node:url";
import { type Lambda, startLambda } from "@rollcall/aws-local/startLambda";
import { build } from "esbuild";
import { devAccount } from "../../dev/service/devAccount.ts";
import { pipelines } from "../../src/pipelineSettings.ts";

/** Starts a bundled handler in a fresh process, with the memory of the pipelines' functions. */
export function startHandler(
  name: string,
  { codeDirectory, environment }: { codeDirectory: string; environment: Record<string, string> },
): Lambda {
  const { region, accountId } = devAccount;
  return startLambda({
    name,
    arn: `arn:aws:lambda:${region}:${accountId}:function:${name}`,
    handler: `${name}.handler`,
    codeDirectory,
    memoryMegabytes,
    timeoutSeconds,
    environment: { ...environment, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  });
}

const { memoryMegabytes } = pipelines.offboard;
/** The longest timeout that Lambda allows. */
const timeoutSeconds = 900;

/** Invokes a handler and returns its response. Throws if it fails or times out. */
export async function invoke(
  lambda: Lambda,
  event: unknown,
): Promise<{ value: unknown; milliseconds: number }> {
  const invocation = await lambda.invoke(event);
  if (invocation.kind !== "response") {
    const what =
      invocation.kind === "error" ? (invocation.stack ?? invocation.errorMessage) : invocation.kind;
    throw new Error(`expected the handler ${lambda.name} to return; got ${what}`);
  }
  return { value: JSON.parse(invocation.payload), milliseconds: invocation.durationMilliseconds };
}

const entryPoints = [
  new URL("./oneCallPerRecord.ts", import.meta.url),
  new URL("./rollcall.ts", import.meta.url),
  new URL("../overhead/overhead.ts", import.meta.url),
].map((url) => fileURLToPath(url));

/** Bundles the handlers with the options of `serverless.yml` into one folder: `rollcall.mjs` and so on. */
export async function bundleHandlers(directory: string): Promise<void> {
  await build({
    entryPoints,
    outdir: directory,
    entryNames: "[name]",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    target: "node20",
    logLevel: "error",
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
}
