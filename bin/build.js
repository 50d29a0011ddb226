import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Puts the command and all that it imports into one file, so that it answers in a fraction of a second: to find, read and
 * translate some hundred files takes Node ten times as long.
 */
await build({
  entryPoints: [fileURLToPath(new URL("../src/cli/main.ts", import.meta.url))],
  outfile: fileURLToPath(new URL("../dist/rollcall.js", import.meta.url)),
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  // Of the older module format nothing can be left out, and every start would read all of it.
  mainFields: ["module", "main"],
  // Packages in the older module format want a `require`, which a module of the newer one does not have.
  banner: {
    js: 'import { createRequire as toRequire } from "node:module";\nconst require = toRequire(import.meta.url);',
  },
  logLevel: "warning",
});
