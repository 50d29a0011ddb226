import { type SeededRandom, seededRandom } from "../../dev/sampleDay/seededRandom.ts";
import { toEntry } from "../../src/events/eventEntry.ts";
import { type MemoryStore, memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { type Intent, pipelineNames, pipelines } from "../../src/pipelineSettings.ts";
import type { Outcome } from "../../src/provisioning/outcome.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { type HostileKind, hostileBodies, secret } from "./hostileBodies.ts";
import { aBody, aRecord } from "./records.ts";
import { runBatch } from "./runBatch.ts";
import { aUser } from "./samples.ts";

/** The second argument is the number of a part: a million records in ten parts are other records in each. */
const seed = 20_260_514 + Number(process.argv[3] ?? 0);
/** At least 10,000, in whole thousands; the tests name it as the program's argument. */
const hostileRecords = Number(process.argv[2]);
const hostilePerBatch = 500;
const neighboursPerBatch = 5;

const kinds = Object.keys(hostileBodies) as [HostileKind, ...HostileKind[]];

export interface HostileRun {
  /** Of the first ten records that did not end as they should. */
  faults: string[];
  /** How many ended how: each key is a kind of record and its end, such as `neighbour applied`. */
  tally: Record<string, number>;
  /** What is held on the heap after each tenth of the run. */
  heldMegabytes: number[];
}

/** Runs the collector first, so that what is left on the heap is what is held. */
function heldMegabytes(): number {
  if (globalThis.gc === undefined) throw new Error("expected to be run with --expose-gc");
  globalThis.gc();
  return process.memoryUsage().heapUsed / 1_000_000;
}

/** Well-formed events about people whom nobody else speaks of: whatever lies beside them, they are carried out. */
function neighbours(intent: Intent) {
  const [type] = pipelines[intent].detailTypes;
  return Array.from({ length: neighboursPerBatch }, (_, n) =>
    aRecord(type, {
      id: `neighbour-${n}`,
      personId: `neighbour-${n}`,
      email: `neighbour${n}@team.example`,
      data: intent === "relicense" ? { licenseType: "Pro" } : {},
    }),
  );
}

function aDirectory(intent: Intent) {
  const users = Array.from({ length: neighboursPerBatch }, (_, n) =>
    aUser({ userId: `u-${n}`, email: `neighbour${n}@team.example` }),
  );
  const known = intent === "offboard" || intent === "relicense";
  return fakeDirectory([
    { accountId: "team", type: "Team", users: known ? users : [] },
    { accountId: "lwa", type: "EnterpriseLWA" },
    { accountId: "oidc", type: "EnterpriseOIDC" },
  ]);
}

/** One batch with hostile records and their neighbours mixed; what is wrong with it out. */
async function runHostileBatch(intent: Intent, random: SeededRandom, tally: Map<string, number>) {
  const hostile = Array.from({ length: hostilePerBatch }, () => {
    const kind = random.pick(kinds);
    return { kind, record: aBody(hostileBodies[kind](random)) };
  });
  const good = neighbours(intent).map((record) => ({ kind: "neighbour" as const, record }));
  const batch = random.shuffle([...hostile, ...good]);
  const store = memoryStore();
  const { outcomes } = await runBatch(
    batch.map(({ record }) => record),
    { intent, directory: aDirectory(intent), store },
  );
  const faults = batch.flatMap(({ kind, record }, index) => {
    const outcome = outcomes[index];
    const end = endOf(outcome);
    tally.set(`${kind} ${end}`, (tally.get(`${kind} ${end}`) ?? 0) + 1);
    const fault = kind === "neighbour" ? (end === "applied" ? undefined : end) : faultOf(outcome);
    return fault === undefined ? [] : [`${kind}: ${fault} for ${record.body.slice(0, 300)}`];
  });
  const missing = outcomes.length === batch.length ? [] : [`${outcomes.length} outcomes`];
  return [...faults, ...missing, ...unpublishable(store)];
}

function endOf(outcome: Outcome | undefined): string {
  if (outcome === undefined) return "nothing";
  return outcome.kind === "rejected" || outcome.kind === "retry" ? outcome.code : outcome.kind;
}

/** The ledger and the directory are well, so nothing has a reason to come again. */
function faultOf(outcome: Outcome | undefined): string | undefined {
  if (outcome === undefined || outcome.kind === "retry") return `ended as ${endOf(outcome)}`;
  const reason =
    outcome.kind === "rejected" ? outcome.reason : outcome.kind === "excluded" ? outcome.rule : "";
  if (reason.includes(secret)) return `the reason shows ${reason}`;
  return reason.length > 1024 ? "a reason too long to be sent" : undefined;
}

/** A waiting event that the bus refuses would wait for ever. */
function unpublishable({ pending }: MemoryStore): string[] {
  return [...pending.values()].flatMap(({ event }) => {
    const entry = toEntry(Buffer.from(event), { unchecked: true });
    return entry.status === "entry" ? [] : [`waits, but is ${JSON.stringify(entry)}`];
  });
}

/** Processes all batches and prints the result. It is a program of its own, so that its heap can be measured alone. */
const random = seededRandom(seed);
const tally = new Map<string, number>();
const faults: string[] = [];
const held: number[] = [];
const batches = hostileRecords / hostilePerBatch;
for (let batch = 0; batch < batches; batch += 1) {
  const intent = pipelineNames[batch % pipelineNames.length] ?? "offboard";
  faults.push(...(await runHostileBatch(intent, random, tally)));
  if (batch % (batches / 10) === batches / 10 - 1) held.push(heldMegabytes());
}
const run: HostileRun = {
  faults: faults.slice(0, 10),
  tally: Object.fromEntries(tally),
  heldMegabytes: held,
};
process.stdout.write(JSON.stringify(run));
