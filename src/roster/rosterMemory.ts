import { readFile, rename, writeFile } from "node:fs/promises";
import * as z from "zod";
import { parseJson } from "../events/parseJson.ts";
import type { LastRoster } from "./findShrinkage.ts";

const schema = z.object({ present: z.int().min(0), asOf: z.iso.datetime() });

/**
 * What the file remembers of the last roster; `undefined` if there is no such file yet. Throws for a file that cannot be
 * read or holds something else: without a memory a truncated roster would pass.
 */
export async function recallRoster(path: string): Promise<LastRoster | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success)
    throw new Error(
      `expected ${path} to be the memory of the last roster; it is something else. Name another with --memory`,
    );
  return { present: parsed.data.present, asOf: Date.parse(parsed.data.asOf) };
}

/** Written beside and put in its place in one step, so that a crash leaves the old memory or the new one. */
export async function rememberRoster(path: string, { present, asOf }: LastRoster): Promise<void> {
  const beside = `${path}.new`;
  await writeFile(beside, `${JSON.stringify({ present, asOf: new Date(asOf).toISOString() })}\n`);
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
