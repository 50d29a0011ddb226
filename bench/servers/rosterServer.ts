import { startChimeSimulator } from "@rollcall/chime-simulator";
import { rosterAccount } from "../roster/measureRoster.ts";

// A script for `startServer`: the Chime of a company of so many people.
const simulator = await startChimeSimulator({ accounts: [rosterAccount(Number(process.argv[2]))] });
process.on("message", () => process.send?.(simulator.calls.summary()));
process.once("disconnect", () => void simulator.close());
process.send?.({ url: simulator.url });
