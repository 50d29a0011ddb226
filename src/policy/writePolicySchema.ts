import { writeFile } from "node:fs/promises";
import { toPolicySchema } from "./toPolicySchema.ts";

/** `npm run schemas`: writes `docs/policy.schema.json` from the zod schema. */
const file = new URL("../../docs/policy.schema.json", import.meta.url);
await writeFile(file, `${JSON.stringify(toPolicySchema(), null, 2)}\n`);
