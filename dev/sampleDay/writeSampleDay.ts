import { writeFile } from "node:fs/promises";
import { sampleDay } from "./sampleDay.ts";

// `npm run sample-day` writes `events/sample-day.jsonl`.
const file = new URL("../../events/sample-day.jsonl", import.meta.url);
await writeFile(file, `${sampleDay().join("\n")}\n`);
