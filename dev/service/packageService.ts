import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const projectFolder = fileURLToPath(new URL("../../", import.meta.url));
const serverless = join(projectFolder, "node_modules/serverless/bin/serverless.js");

/** What packaging reads. The files are copied, because the serverless command takes no link for its own. */
const files = ["serverless.yml", "policy.yml", "package.json"];
const folders = ["src", "node_modules"];

/** Packaging takes seconds. The command does not end by itself when its esbuild plug-in fails half-way. */
const timeoutMilliseconds = 120_000;

export interface PackageOptions {
  /** Those of `serverless.yml` that are not to have their defaults. */
  parameters?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/**
 * Runs `serverless package`: writes the template and the bundles that would be deployed into a directory. Throws an
 * error with what the command printed if it fails, and the signal's reason if that ends it.
 *
 * It runs in a folder of its own, made of links to the project. In the project's folder two runs at the same time
 * would delete each other's `.esbuild` and `.serverless`, wherever they write to in the end.
 *
 * @param directory absolute
 */
export function packageService(
  directory: string,
  { parameters = {}, signal }: PackageOptions = {},
): Promise<void> {
  return withTemporaryFolder("package", async (staging) => {
    for (const file of files) await copyFile(join(projectFolder, file), join(staging, file));
    for (const folder of folders)
      await symlink(join(projectFolder, folder), join(staging, folder), "junction");
    await runServerless(staging, ["package", "--package", directory, ...toArguments(parameters)], signal);
  });
}

function toArguments(parameters: Readonly<Record<string, string>>): string[] {
  return Object.entries(parameters).map(([name, value]) => `--param=${name}=${value}`);
}

async function runServerless(
  staging: string,
  command: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const child = spawn(process.execPath, [serverless, ...command], {
    cwd: staging,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMilliseconds,
  });
  const kill = () => void child.kill();
  signal?.addEventListener("abort", kill);
  const [stdout, stderr, [code, killedBy]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  signal?.removeEventListener("abort", kill);
  // Only now, when the command is gone and writes no more.
  signal?.throwIfAborted();
  if (code !== 0)
    throw new Error(
      `\`serverless package\` failed with ${killedBy ?? `exit code ${code}`}:\n${stdout}${stderr}`,
    );
}

/**
 * A folder that nobody else has, for as long as `use` takes: runs at the same time cannot write over each other, and
 * nothing is left behind, whether it ends well, fails or is interrupted.
 */
export async function withTemporaryFolder<T>(name: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), `rollcall-${name}-`));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
