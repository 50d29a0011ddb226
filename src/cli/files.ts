import { createReadStream, existsSync } from "node:fs";
import { access, constants, type FileHandle, open, rm, stat } from "node:fs/promises";
import { getSystemErrorMap } from "node:util";
import { readPolicy } from "../policy/file/policyFile.ts";
import type { Policy } from "../policy/policy.ts";
import type { CommandFailure } from "./commandResult.ts";
import type { Terminal } from "./terminal.ts";

/** The system's own words for why a file cannot be used, such as "no such file or directory". */
export function describeFileError(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  const [, words] = ("errno" in error && getSystemErrorMap().get(Number(error.errno))) || [];
  return words ?? error.message;
}

export type Input =
  | { kind: "opened"; bytes: AsyncIterable<Uint8Array>; rejectedPath: string }
  | { kind: "unreadable"; message: string };

/** Opens the file, or standard input for `-`, and says where its rejected lines go unless told otherwise. */
export async function openInput(
  file: string,
  stdin: Terminal["stdin"],
  wanted = "a file of JSON lines",
): Promise<Input> {
  if (file === "-") return { kind: "opened", bytes: stdin, rejectedPath: "rejected.jsonl" };
  try {
    await access(file, constants.R_OK);
    if ((await stat(file)).isDirectory()) {
      return { kind: "unreadable", message: `${file} is a folder; name ${wanted}` };
    }
    return { kind: "opened", bytes: createReadStream(file), rejectedPath: `${file}.rejected.jsonl` };
  } catch (error) {
    return { kind: "unreadable", message: `cannot read ${file}: ${describeFileError(error)}` };
  }
}

export type ReadList = { kind: "read"; entries: string[] } | { kind: "unreadable"; message: string };

/** More entries than that are a roster, and no list of an operator's. */
const mostListed = 50_000;
const longestListBytes = 16_000_000;

/**
 * Reads a list from a file, or from standard input for `-`: one entry in each line. Empty lines and those that begin with `#` say
 * nothing, and an entry that stands there twice counts once.
 */
export async function readList(file: string, stdin: Terminal["stdin"]): Promise<ReadList> {
  const input = await openInput(file, stdin, "a file with one entry in each line");
  if (input.kind === "unreadable") return input;
  const where = file === "-" ? "standard input" : file;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of input.bytes) {
    bytes += chunk.length;
    if (bytes > longestListBytes) return unfit(`${where} is longer than ${longestListBytes} bytes`);
    chunks.push(chunk);
  }
  const lines = Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .split(/\r?\n/);
  const entries = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  const distinct = [...new Set(entries)];
  if (distinct.length === 0) return unfit(`${where} names nobody`);
  if (distinct.length > mostListed) return unfit(`${where} has more than ${mostListed} entries`);
  return { kind: "read", entries: distinct };
}

function unfit(fact: string): ReadList {
  return { kind: "unreadable", message: `${fact}; expected one entry in each line` };
}

/** `policy` is `undefined` where none was named and none is here: an operator in a hurry may have no checkout. */
export type LoadedPolicy = { kind: "loaded"; policy: Policy | undefined } | CommandFailure;

const usualPolicyFile = "policy.yml";

/** Reads the policy that was named, or the usual one if it is in the current folder. */
export function loadPolicy(named: string | undefined): LoadedPolicy {
  const file = named ?? usualPolicyFile;
  if (named === undefined && !existsSync(file)) return { kind: "loaded", policy: undefined };
  try {
    return { kind: "loaded", policy: readPolicy(file) };
  } catch (error) {
    return { kind: "misused", message: explainPolicyFault(error, file) };
  }
}

/** A fault of the file system has a code; a fault of the contents names the file and the fields itself. */
function explainPolicyFault(error: unknown, file: string): string {
  if (error instanceof Error && !("code" in error))
    return `${error.message}\nMend it, or name another with --policy`;
  return `cannot read ${file}: ${describeFileError(error)}; name another with --policy`;
}

/** Keeps the lines that were not accepted, byte for byte, so that they can be mended and published again. */
export interface RejectedFile {
  path: string;
  write(line: Uint8Array): Promise<void>;
  /** Leaves no file behind if no line was written. */
  close(): Promise<void>;
}

export type OpenedRejectedFile = { kind: "opened"; file: RejectedFile } | { kind: "failed"; message: string };

/**
 * Opens the file before anything is sent, because afterwards it would be too late to learn that it cannot be written.
 *
 * - `named` by the user: replaced if it exists, but never if it is the input itself.
 * - by default: an existing file may hold what an earlier run could not send, so the next free name is taken
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
