import { readDeadLetters } from "../stack/readDeadLetters.ts";
import type { ServiceStack } from "../stack/serviceStack.ts";
import type { Disturbances } from "./disturbances.ts";
import { changes } from "./faults/killer.ts";
import { poisonOf } from "./faults/poison.ts";
import { permanentCode } from "./faults/userFates.ts";
import { type OracleAccount, readDecisions } from "./oracle/decision.ts";
import type { Remains } from "./oracle/judgeRun.ts";
import { readTrail } from "./oracle/readTrail.ts";
import { type Shown, snapshot } from "./oracle/snapshot.ts";
import { eventIdOfBody } from "./stream/eventIdOf.ts";
import type { HrLine } from "./stream/hrLine.ts";
import type { Population } from "./stream/population.ts";

/** What a run began with. */
export interface Beginning {
  seed: number;
  decisions: readonly HrLine[];
  population: Population;
  before: ReadonlyMap<string, Shown>;
}

/**
 * The accounts of the run once more, for the oracle: what it knows of them is written down here and not taken from the
 * adapter or the policy that are under test.
 */
const accounts: readonly OracleAccount[] = [
  {
    domain: "example.com",
    letIn: "InviteUsers",
    endsSessions: true,
    defaultLicense: "Basic",
    licensePerRole: { engineer: "Pro", sales: "Plus", contractor: "Basic" },
  },
  {
    domain: "example.org",
    letIn: "BatchUnsuspendUser",
    // Who is suspended there is signed out by that.
    endsSessions: false,
    defaultLicense: "Pro",
    licensePerRole: { engineer: "Pro", sales: "Pro", contractor: "Basic" },
  },
];

/** Collects what the directory, the ledger and the queues hold when a run is over. */
export async function readRemains(
  stack: ServiceStack,
  { seed, decisions, population, before }: Beginning,
  { chime, kills, receives }: Disturbances,
): Promise<Remains> {
  const { people } = population;
  const { entries } = await readTrail(
    stack.dynamo.client,
    stack.model.tables.map(({ name }) => name),
  );
  return {
    decisions: decisions.flatMap((line) => readDecisions(line, accounts)),
    people,
    defaultLicense: (accountId) => population.accounts.find(({ id }) => id === accountId)?.defaultLicense,
    before,
    after: snapshot(stack.chime.directory, people),
    journal: entries,
    deadLetters: byEvent(await readDeadLetters(stack)),
    receives: receives.most,
    calls: stack.chime.calls.list(),
    faults: chime.struck,
    permanentCode: (operation, address) => permanentCode(seed, operation, address),
    poison: (address) => poisonOf(seed, address),
    kills: kills.filter(({ functionName }) => changes(functionName, "InviteUsers")),
  };
}

function byEvent(letters: readonly { body: string; reason: string }[]): Map<string, string[]> {
  const reasons = new Map<string, string[]>();
  for (const { body, reason } of letters) {
    const id = eventIdOfBody(body) ?? "";
    reasons.set(id, [...(reasons.get(id) ?? []), reason]);
  }
  return reasons;
}
