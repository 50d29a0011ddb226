import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { unzipSync } from "fflate";
import * as z from "zod";
import { packageFolder, resourcesOf } from "./packagedTemplate.ts";

const functionSchema = z.object({
  FunctionName: z.string(),
  Handler: z.string(),
  Role: z.string(),
  Timeout: z.number(),
  MemorySize: z.number(),
  Code: z.object({ S3Key: z.string() }),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

export type PackagedFunction = z.output<typeof functionSchema>;

/** Every function of the template. */
export const packagedFunctions = resourcesOf("AWS::Lambda::Function").map(({ properties }) =>
  functionSchema.parse(properties),
);

/** The files of a function's zip, by path. */
export async function filesOf({ Code }: PackagedFunction): Promise<Record<string, Uint8Array>> {
  return unzipSync(await readFile(join(packageFolder, basename(Code.S3Key))));
}

/** The file in the zip that holds the handler: `src/lambda/provisioningHandler.handler` is in `src/lambda/provisioningHandler.mjs`. */
export const handlerFile = ({ Handler }: PackagedFunction) => Handler.replace(/\.\w+$/, ".mjs");

/** Unpacks a function's zip into a folder. */
export async function unpack(packaged: PackagedFunction, folder: string): Promise<void> {
  for (const [path, content] of Object.entries(await filesOf(packaged))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
