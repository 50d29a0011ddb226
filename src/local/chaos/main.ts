import { startChaos } from "./startChaos.ts";

/** Exits by itself, so that no output is cut off. */
process.exitCode = await startChaos(process.argv.slice(2), process);
