import { readFile, rename, writeFile } from "node:fs/promises";
import { parseJson } from "../../events/boundedJson.ts";
import {
  parseRemembered,
  type RememberedRoster,
  type RosterMemory,
  toRememberedJson,
} from "../rosterPorts.ts";

/** A file that remembers the last roster; there need not be one yet. Of two programs at a time the last one counts. */
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
    `expected ${path} to be the memory of the last roster; it is something else. Name another with --memory`,
  );
}

/** Written beside and put in its place in one step, so that a crash leaves the old memory or the new one. */
async function replace(path: string, roster: RememberedRoster): Promise<void> {
  const beside = `${path}.new`;
  await writeFile(beside, `${toRememberedJson(roster)}\n`);
  await rename(beside, path);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
