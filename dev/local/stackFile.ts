import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findLocalStack, type LocalStack, localStackFile } from "../../src/cli/localStack.ts";

/** The repository's folder. */
export const clone = fileURLToPath(new URL("../../", import.meta.url));

/** The folder that has the file: the clone, where the command was started anywhere in it; else the current folder. */
export function stackFolder(): string {
  const current = resolve();
  return relative(clone, current).startsWith("..") ? current : clone;
}

/** Why no stack can be started for this folder; `undefined` if one can. */
export function findObstacle(folder: string): string | undefined {
  const found = findLocalStack(folder);
  switch (found.kind) {
    case "running":
      return `rollcall dev is up already (process ${found.stack.pid}, since ${found.stack.startedAt}): use it with --stage local, or press q in its terminal`;
    case "unreadable":
      return found.message;
    case "ended":
    case "none":
      return undefined;
  }
}

/** Writes the file as a whole, or not at all. Nobody else may read it, because of the console's address. */
export async function writeStackFile(folder: string, stack: LocalStack): Promise<void> {
  const file = join(folder, localStackFile);
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

export async function removeStackFile(folder: string): Promise<void> {
  await rm(join(folder, localStackFile), { force: true });
}
