import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { unzipSync } from "fflate";
import type { FunctionModel } from "../cloudformation/stackModel.ts";

/** Unpacks a function's zip, as Lambda does into /var/task, and gives back the folder. */
export async function unpackFunction(
  { name, codeKey }: FunctionModel,
  packageDirectory: string,
  workDirectory: string,
): Promise<string> {
  const codeDirectory = join(workDirectory, name);
  const files = unzipSync(await readFile(join(packageDirectory, basename(codeKey))));
  for (const [path, content] of Object.entries(files)) {
    const file = join(codeDirectory, path);
    await mkdir(dirname(file), { recursive: true });
    if (!path.endsWith("/")) await writeFile(file, content);
  }
  return codeDirectory;
}
