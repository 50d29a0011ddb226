import { readFile, rename, writeFile } from "node:fs/promises";
import { parseJson } from "../../events/boundedJson.ts";
import {
  parseRemembered,
  type RememberedRoster,
  type RosterMemory,
  toRememberedJson,
} from "../rosterPorts.ts";

/** Remembers the last roster in a file, which need not exist yet. Of two programs at a time, the last one to write wins. */
export function fileRosterMemory(path: string): RosterMemory {
  return {
    recall: () => recall(path),
    remember: async (roster) => {
      const last = await recall(path);
      if (last === undefined || last.asOf <= roster.asOf) await replace(path, roster);
    },
  };
}

async function recall(path: string): Promise<RememberedRoster | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const remembered = parseRemembered(parseJson(text));
  if (remembered !== undefined) return remembered;
  throw new Error(
    `expected ${path} to be the memory of the last roster; got another content. Name another file with --memory`,
  );
}

/** Writes another file and renames it, which is atomic, so that a crash leaves the old memory or the new one. */
async function replace(path: string, roster: RememberedRoster): Promise<void> {
  const temporary = `${path}.new`;
  await writeFile(temporary, `${toRememberedJson(roster)}\n`);
  await rename(temporary, path);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
