import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const entryPoints = [
  new URL("./powertools.ts", import.meta.url),
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
