import { writeFile } from "node:fs/promises";
import { sampleRoster } from "./sampleRoster.ts";

// `npm run sample-roster` writes `events/sample-roster.csv`.
await writeFile(new URL("../../events/sample-roster.csv", import.meta.url), sampleRoster());
