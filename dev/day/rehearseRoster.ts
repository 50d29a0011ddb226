import { fileURLToPath } from "node:url";
import { startChimeSimulator } from "@rollcall/chime-simulator";
import { printResult } from "../../src/cli/commandResult.ts";
import { runPlan } from "../../src/cli/commands/rosterCommand.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { sampleDirectory } from "../sampleDay/sampleAccounts.ts";

const policy = fileURLToPath(new URL("../../policy.yml", import.meta.url));

/** Plans a roster against the sample accounts of the Chime simulator, as `rollcall plan` does. Returns its exit code. */
export async function rehearseRoster(
  { roster, json }: { roster: string; json: boolean },
  terminal: Terminal,
): Promise<number> {
  const simulator = await startChimeSimulator({ accounts: sampleDirectory() });
  try {
    const end = await runPlan(
      { roster, json, policy, directoryEndpoint: simulator.url, offline: true },
      terminal,
    );
    return printResult(end, terminal);
  } finally {
    await simulator.close();
  }
}
