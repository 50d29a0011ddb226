import {
  type AccountCache,
  accountCache,
  type ScanMemory,
  scanMemory,
} from "../../../src/directory/directoryCache.ts";
import { type MemoryStore, memoryStore } from "../../../src/ledger/memory/memoryLedger.ts";
import { eventBody } from "./eventBody.ts";
import { createHistory, type History } from "./history.ts";
import { type LedgerRequests, ledgerRequests } from "./ledgerRequests.ts";
import { createQueues, type Queues } from "./queues.ts";
import { beginning, type HrDecision, type Person, type Scenario } from "./scenario.ts";
import { type SharedDirectory, sharedDirectory } from "./sharedDirectory.ts";
import { createSteps, type Steps, type Worker } from "./steps.ts";
import { tellScenario } from "./tellScenario.ts";

/** All that the workers of a run share, and the clock that only the schedule moves. */
export interface World {
  scenario: Scenario;
  now: number;
  store: MemoryStore;
  requests: LedgerRequests;
  directory: SharedDirectory;
  /** Of the execution environments, which live longer than their invocations. */
  accounts: AccountCache;
  scans: ScanMemory;
  queues: Queues;
  steps: Steps;
  history: History;
  /** Everybody who was ever started. */
  workers: Worker[];
  /** What no invocation may end with. */
  defects: unknown[];
  decision(eventId: string): HrDecision;
  person(personId: string): Person;
}

/** Takes a guard away from the ledger. */
export type Weaken = (requests: LedgerRequests, store: MemoryStore) => LedgerRequests;

export function createWorld(scenario: Scenario, weaken: Weaken = (requests) => requests): World {
  const store = memoryStore();
  const history = createHistory(() => world.now);
  const people = new Map(scenario.people.map((person) => [person.personId, person]));
  const decisions = new Map(scenario.decisions.map((decision) => [decision.id, decision]));
  const world: World = {
    scenario,
    now: beginning,
    store,
    requests: weaken(ledgerRequests(store), store),
    directory: sharedDirectory(scenario.people),
    accounts: accountCache(() => world.now),
    scans: scanMemory(() => world.now),
    queues: createQueues(),
    steps: createSteps(history),
    history,
    workers: [],
    defects: [],
    decision: (eventId) => expectKnown(decisions, eventId),
    person: (personId) => expectKnown(people, personId),
  };
  for (const line of tellScenario(scenario)) history.tell(line);
  for (const { decision, receives } of scenario.deliveries)
    world.queues.send(decision, eventBody(decision, world.person(decision.personId)), receives);
  return world;
}

function expectKnown<T>(known: ReadonlyMap<string, T>, id: string): T {
  const value = known.get(id);
  if (value === undefined) throw new RangeError(`expected one of ${[...known.keys()].join(", ")}; got ${id}`);
  return value;
}
