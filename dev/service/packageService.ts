import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const projectFolder = fileURLToPath(new URL("../../", import.meta.url));
const serverless = join(projectFolder, "node_modules/serverless/bin/serverless.js");

/**
 * The files and folders that packaging reads. The files are copied, because the serverless command does not accept
 * links for them.
 */
const files = ["serverless.yml", "policy.yml", "package.json"];
const folders = ["src", "node_modules"];

/**
 * Packaging takes seconds, and on a busy machine a minute. The command does not end by itself when its esbuild plug-in fails
 * half-way.
 */
const timeoutMilliseconds = 600_000;

export interface PackageOptions {
  /** Parameters of `serverless.yml` that differ from their defaults. */
  parameters?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/**
 * Runs `serverless package`, which writes the template and the bundles into a directory. If the command fails, it
 * throws an error with its output; if the signal aborts, the signal's reason.
 *
 * It runs in a temporary folder of links to the project. In the project's own folder two concurrent runs would delete
 * each other's `.esbuild` and `.serverless`.
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
  // This comes only now, when the command has ended and writes no more.
  signal?.throwIfAborted();
  if (code !== 0)
    throw new Error(
      `\`serverless package\` failed with ${killedBy ?? `exit code ${code}`}:\n${stdout}${stderr}`,
    );
}

/** Gives `use` a temporary folder of its own and deletes it afterwards, also after a failure or an interruption. */
export async function withTemporaryFolder<T>(name: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), `rollcall-${name}-`));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
