import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type PackageOptions, packageService } from "./packageService.ts";

const clone = fileURLToPath(new URL("../../", import.meta.url));
const cacheFolder = join(clone, ".rollcall", "cache");

/** What goes into a package. The lock file stands for the packages of others. */
const inputs = ["serverless.yml", "policy.yml", "package.json", "package-lock.json", "src"];
/** What no function has. */
const unpackaged = /^src\/(cli|console)\//;
const keptPackages = 3;

export interface CachedPackage {
  directory: string;
  isNew: boolean;
}

/** Packages the service, or returns the package that was made of the same files with the same options. */
export async function packageOnce(options: PackageOptions): Promise<CachedPackage> {
  const { stage, parameters } = options;
  const directory = join(cacheFolder, await digestOf({ stage, parameters, node: process.version }));
  if (existsSync(directory)) {
    const now = new Date();
    await utimes(directory, now, now);
    return { directory, isNew: false };
  }
  await mkdir(cacheFolder, { recursive: true });
  const draft = `${directory}.${process.pid}`;
  try {
    await packageService(draft, options);
    // Only whole packages have the name, also where two are made at the same time.
    await rename(draft, directory).catch((error: unknown) => {
      if (!existsSync(directory)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await removeOld();
  return { directory, isNew: true };
}

async function digestOf(options: object): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(options));
  for (const file of (await Promise.all(inputs.map(filesOf))).flat().sort()) {
    if (unpackaged.test(file)) continue;
    const content = createHash("sha256").update(await readFile(join(clone, file)));
    hash.update(`${file} ${content.digest("hex")}\n`);
  }
  return hash.digest("hex").slice(0, 32);
}

async function filesOf(name: string): Promise<string[]> {
  const path = join(clone, name);
  if ((await stat(path)).isFile()) return [name];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(clone, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}

async function removeOld(): Promise<void> {
  const names = await readdir(cacheFolder);
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(cacheFolder, name))).mtimeMs })),
  );
  for (const { name } of dated.toSorted((a, b) => b.at - a.at).slice(keptPackages))
    await rm(join(cacheFolder, name), { recursive: true, force: true });
}
