import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** @param {string} path in the project */
const pathOf = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * Puts the command and all that it imports into one file, so that it answers in a fraction of a second: to find, read and
 * translate some hundred files takes Node ten times as long. What it imports only when it is wanted, such as the console, becomes
 * a file of its own.
 */
const { metafile } = await build({
  entryPoints: { rollcall: pathOf("src/cli/main.ts") },
  outdir: pathOf("dist"),
  absWorkingDir: pathOf(""),
  splitting: true,
  metafile: true,
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

// What an earlier build named otherwise.
const written = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
for (const name of readdirSync(pathOf("dist")))
  if (name.endsWith(".js") && !written.has(name)) rmSync(pathOf(`dist/${name}`));

// The files that a browser loads.
mkdirSync(pathOf("dist/console-assets"), { recursive: true });
for (const name of ["console.css", "console.js"])
  copyFileSync(pathOf(`src/console/assets/${name}`), pathOf(`dist/console-assets/${name}`));
