import { startDay } from "./day/startDay.ts";

/** Exits by itself, so that no output is cut off. */
process.exitCode = await startDay(process.argv.slice(2), process);
