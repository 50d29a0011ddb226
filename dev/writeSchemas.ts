import { mkdir, writeFile } from "node:fs/promises";
import { detailTypes } from "../src/events/hrEvent.ts";
import { toJsonSchema, toPolicySchema } from "./jsonSchemas.ts";

// `npm run schemas` writes `events/schemas/<DetailType>.json` and `docs/policy.schema.json` from the zod schemas.
const folder = new URL("../events/schemas/", import.meta.url);
await mkdir(folder, { recursive: true });
for (const type of detailTypes) {
  await writeFile(new URL(`${type}.json`, folder), `${JSON.stringify(toJsonSchema(type), null, 2)}\n`);
}

const file = new URL("../docs/policy.schema.json", import.meta.url);
await writeFile(file, `${JSON.stringify(toPolicySchema(), null, 2)}\n`);
