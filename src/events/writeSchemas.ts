import { mkdir, writeFile } from "node:fs/promises";
import { detailTypes } from "./hrEvent.ts";
import { toJsonSchema } from "./toJsonSchema.ts";

/** `npm run schemas`: writes `events/schemas/<DetailType>.json` from the zod schemas. */
const folder = new URL("../../events/schemas/", import.meta.url);
await mkdir(folder, { recursive: true });
for (const type of detailTypes) {
  await writeFile(new URL(`${type}.json`, folder), `${JSON.stringify(toJsonSchema(type), null, 2)}\n`);
}
