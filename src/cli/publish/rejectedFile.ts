import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { describeFileError } from "../describeFileError.ts";

/** Takes the lines that were not accepted, byte for byte, so that they can be mended and published again. */
export interface RejectedFile {
  path: string;
  write(line: Uint8Array): Promise<void>;
  /** Leaves no file behind if no line was written. */
  close(): Promise<void>;
}

export type OpenedRejectedFile = { kind: "opened"; file: RejectedFile } | { kind: "failed"; message: string };

/**
 * Opened before anything is sent: to find out afterwards that it cannot be written would be too late.
 *
 * - `named` by the user: replaced if it exists, but never if it is the input itself.
 * - by default: an existing file may be what an earlier run could not send, so the next free name is taken
 *   (`day.jsonl.rejected-2.jsonl`).
 */
export async function openRejectedFile(
  paths: { named: string | undefined; byDefault: string },
  input: string,
): Promise<OpenedRejectedFile> {
  const { named, byDefault } = paths;
  try {
    if (named === undefined) return { kind: "opened", file: await createUnderFreeName(byDefault) };
    if (await isSameFile(named, input)) {
      return { kind: "failed", message: `--rejected names the input itself, ${input}; name another file` };
    }
    return { kind: "opened", file: rejectedFile(named, await open(named, "w")) };
  } catch (error) {
    const path = named ?? byDefault;
    const message = `cannot write ${path}: ${describeFileError(error)}; name another file with --rejected`;
    return { kind: "failed", message };
  }
}

function rejectedFile(path: string, handle: FileHandle): RejectedFile {
  let isEmpty = true;
  return {
    path,
    async write(line) {
      isEmpty = false;
      await handle.appendFile(line);
    },
    async close() {
      // Not everything that takes lines may be removed: /dev/null may not.
      const isRemovable = isEmpty && (await handle.stat()).isFile();
      await handle.close();
      if (isRemovable) await rm(path);
    },
  };
}

async function createUnderFreeName(path: string): Promise<RejectedFile> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : path.replace(/\.jsonl$/, `-${number}.jsonl`);
    try {
      return rejectedFile(candidate, await open(candidate, "wx"));
    } catch (error) {
      if (!isExistsError(error)) throw error;
    }
  }
}

function isExistsError(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([a, b].map((path) => stat(path).catch(() => undefined)));
  return first !== undefined && first.ino === second?.ino && first.dev === second.dev;
}
