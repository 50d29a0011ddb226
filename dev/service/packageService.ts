import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

export interface PackageOptions {
  /** Parameters of `serverless.yml` that replace its defaults. */
  parameters?: Readonly<Record<string, string>>;
  /** The default of `serverless.yml` if left out. */
  stage?: string;
  signal?: AbortSignal;
}

/**
 * Runs `serverless package`, which writes the template and the bundles that would be deployed into a directory. Throws an
 * error with the command's output if it fails, and the signal's reason if that ends it.
 *
 * It runs in a temporary folder with links to the project, because two runs in the project's folder at the same time would
 * delete each other's `.esbuild` and `.serverless`.
 *
 * @param directory absolute
 */
export function packageService(
  directory: string,
  { parameters = {}, stage, signal }: PackageOptions = {},
): Promise<void> {
  return withTemporaryFolder("package", async (staging) => {
    for (const file of files) await copyFile(join(projectFolder, file), join(staging, file));
    for (const folder of folders)
      await symlink(join(projectFolder, folder), join(staging, folder), "junction");
    const ofStage = stage === undefined ? [] : ["--stage", stage];
    const command = ["package", "--package", directory, ...ofStage, ...toArguments(parameters)];
    await runServerless(staging, command, signal);
  });
}

const projectFolder = fileURLToPath(new URL("../../", import.meta.url));
const serverless = join(projectFolder, "node_modules/serverless/bin/serverless.js");

/** The inputs of packaging. The files are copied, because the serverless command accepts no links to them. */
const files = ["serverless.yml", "policy.yml", "package.json"];
const folders = ["src", "node_modules"];

/**
 * Packaging takes seconds, and a minute on a busy machine. The command does not end by itself when its esbuild plug-in
 * fails half-way.
 */
const timeoutMilliseconds = 600_000;

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
  // Only after the command has ended, so that it writes no more.
  signal?.throwIfAborted();
  if (code !== 0)
    throw new Error(
      `\`serverless package\` failed with ${killedBy ?? `exit code ${code}`}:\n${stdout}${stderr}`,
    );
}

/**
 * Creates a temporary folder for `use` alone and deletes it afterwards, whether `use` returns, fails or is interrupted. So
 * runs at the same time cannot overwrite each other.
 */
export async function withTemporaryFolder<T>(name: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), `rollcall-${name}-`));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
