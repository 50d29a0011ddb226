import { chimeClients } from "../../src/directory/chime/chimeClients.ts";
import { chimeDirectory } from "../../src/directory/chime/chimeDirectory.ts";
import { measured } from "./measured.ts";
import { memoryPorts, rollcallHandler } from "./rollcallHandler.ts";

/** Rollcall with its real Chime adapter, and with a ledger in memory because the other contender has none. */
export const handler = measured(
  rollcallHandler({ directory: chimeDirectory(chimeClients()), ...memoryPorts() }),
);
