import { fileURLToPath } from "node:url";
import { type Lambda, startLambda } from "@rollcall/aws-local/startLambda";
import { build } from "esbuild";
import { devAccount } from "../../dev/service/devAccount.ts";
import { pipelines } from "../../src/pipelineSettings.ts";

const { memoryMegabytes } = pipelines.offboard;
/** The longest that Lambda allows: the bench is not about time-outs. */
const timeoutSeconds = 900;

/** A handler of the bench in a fresh process, as Lambda would run it with the memory that the pipelines have. */
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

/** What the handler returned. Throws if it did not return. */
export async function invoke(
  lambda: Lambda,
  event: unknown,
): Promise<{ value: unknown; milliseconds: number }> {
  const invocation = await lambda.invoke(event);
  if (invocation.kind !== "response") {
    const what =
      invocation.kind === "error" ? (invocation.stack ?? invocation.errorMessage) : invocation.kind;
    throw new Error(`The bench's handler ${lambda.name} did not return: ${what}`);
  }
  return { value: JSON.parse(invocation.payload), milliseconds: invocation.durationMilliseconds };
}

const entryPoints = [
  new URL("./powertools.ts", import.meta.url),
  new URL("./powertoolsIdempotency.ts", import.meta.url),
  new URL("./middy.ts", import.meta.url),
  new URL("./rollcall.ts", import.meta.url),
  new URL("../overhead/overhead.ts", import.meta.url),
].map((url) => fileURLToPath(url));

/** Bundles what is measured in the form that the service is bundled in, into one folder: `powertools.mjs` and so on. */
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
