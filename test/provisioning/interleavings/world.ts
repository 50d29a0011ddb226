import {
  type AccountCache,
  accountCache,
  type ScanMemory,
  scanMemory,
} from "../../../src/directory/directoryCache.ts";
import { type MemoryStore, memoryStore } from "../../../src/ledger/memory/memoryLedger.ts";
import type { Intent } from "../../../src/pipelineSettings.ts";
import { followUpOf } from "./followUps.ts";
import {
  beginning,
  describeScenario,
  eventBody,
  type HrDecision,
  type Person,
  type Scenario,
} from "./scenario.ts";
import { type SharedDirectory, sharedDirectory } from "./steppedDirectory.ts";
import { type LedgerRequests, ledgerRequests } from "./steppedLedger.ts";
import { createHistory, createSteps, type History, type Steps, type Worker } from "./steps.ts";

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
  /** One of HR's, or one that follows from it. */
  decision(eventId: string): HrDecision;
  person(personId: string): Person;
}

/** Takes one of the ledger's checks away. */
export type Weaken = (requests: LedgerRequests, store: MemoryStore) => LedgerRequests;

export function createWorld(scenario: Scenario, weaken: Weaken = (requests) => requests): World {
  const store = memoryStore();
  const history = createHistory(() => world.now);
  const people = new Map(scenario.people.map((person) => [person.personId, person]));
  const followUps = scenario.decisions.flatMap((decision) => followUpOf(decision) ?? []);
  const decisions = new Map([...scenario.decisions, ...followUps].map((decision) => [decision.id, decision]));
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
  for (const line of describeScenario(scenario)) history.log(line);
  for (const { decision, receives } of scenario.deliveries)
    world.queues.send(decision, eventBody(decision, world.person(decision.personId)), receives);
  return world;
}

function expectKnown<T>(known: ReadonlyMap<string, T>, id: string): T {
  const value = known.get(id);
  if (value === undefined) throw new RangeError(`expected one of ${[...known.keys()].join(", ")}; got ${id}`);
  return value;
}

/** A copy of a decision's event in a pipeline's queue. */
export interface Message {
  decision: HrDecision;
  body: string;
  receives: number;
  /** Not before then, once faults have stopped. Milliseconds since the epoch. */
  visibleAt: number;
}

/** The queues of the pipelines: at least once, in any order. */
interface Queues {
  waiting(pipeline: Intent): readonly Message[];
  all(): readonly Message[];
  send(decision: HrDecision, body: string, receives?: number): void;
  /** Hands messages out; whoever got them puts them back, or they are gone. */
  take(messages: readonly Message[]): void;
  putBack(messages: readonly Message[], visibleAt: number): void;
}

function createQueues(): Queues {
  let waiting: Message[] = [];
  return {
    waiting: (pipeline) => waiting.filter(({ decision }) => decision.intent === pipeline),
    all: () => waiting,
    send(decision, body, receives = 0) {
      waiting.push({ decision, body, receives, visibleAt: 0 });
    },
    take(messages) {
      waiting = waiting.filter((message) => !messages.includes(message));
      for (const message of messages) message.receives += 1;
    },
    putBack(messages, visibleAt) {
      for (const message of messages) waiting.push(Object.assign(message, { visibleAt }));
    },
  };
}

/**
 * Moves the clock. An invocation whose time is over is killed first, and the calls of the directory that it had sent
 * are over when its lease is.
 */
export function advanceTo(world: World, moment: number): void {
  for (const worker of world.workers) if (worker.alive && worker.until < moment) world.steps.kill(worker);
  world.now = moment;
  world.steps.expire(moment);
  world.history.log("time has passed");
}
