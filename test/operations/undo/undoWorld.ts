import type { EventBus } from "../../../src/events/eventBus.ts";
import type { DetailType } from "../../../src/events/hrEvent.ts";
import { compareDecisions } from "../../../src/ledger/decisionOrder.ts";
import { type MemoryStore, memoryStore } from "../../../src/ledger/memory/memoryLedger.ts";
import { memoryPendingStore, memoryUndos } from "../../../src/ledger/memory/memoryPorts.ts";
import type { Head, History, PersonHistory } from "../../../src/ledger/personHistory.ts";
import { publishDue } from "../../../src/ledger/publishDue.ts";
import type { UndoFilter } from "../../../src/operations/undo/findWrongChanges.ts";
import type { UndoPlan } from "../../../src/operations/undo/planUndo.ts";
import { prepareUndo } from "../../../src/operations/undo/prepareUndo.ts";
import { publishUndo, type UndoReport } from "../../../src/operations/undo/publishUndo.ts";
import { type Aspect, pipelineNames, pipelines } from "../../../src/pipelineSettings.ts";
import { toPolicyRules } from "../../../src/policy/policyRules.ts";
import type { QueueRecord } from "../../../src/provisioning/decision.ts";
import { type FakeDirectory, fakeDirectory } from "../../directory/fakeDirectory.ts";
import { runBatch } from "../../provisioning/runBatch.ts";

/** What a test says of an event about somebody of an account. Times are in minutes of the day. */
export interface Told {
  id: string;
  type: DetailType;
  /** `ada@lwa.example`, who has the id `ada`. */
  email: string;
  decided: number;
  effective?: number;
  origin?: string;
  license?: string;
  userId?: string;
}

export type Users = Record<string, { state: "active" | "suspended"; license: string }>;

const day = Date.parse("2026-05-14T00:00:00Z");
const timeAt = (minutes: number) => new Date(day + minutes * 60_000).toISOString();

const policy = {
  accounts: [
    { id: "lwa", domains: ["lwa.example"], licensePerRole: {} },
    { id: "team", domains: ["team.example"], licensePerRole: {} },
  ],
  freshness: { maxAgeDays: 1 },
  afterSuspension: { signOut: true },
};
const rules = toPolicyRules(policy);

/** The pipelines over one ledger and one directory in memory, with a bus whose clock a test sets forward. */
export function undoWorld(users: Users) {
  const store = memoryStore();
  const directory = directoryOf(users);
  let now = day;
  let taken: { type: string; record: QueueRecord }[] = [];
  const bus: EventBus = {
    put: async (entries) => {
      for (const { source, detailType: type, detail } of entries) {
        const time = new Date(now).toISOString();
        const body = JSON.stringify({ source, "detail-type": type, time, detail: JSON.parse(detail) });
        taken.push({ type, record: { body, receiveCount: 1, receivedAt: now } });
      }
      return { kind: "answered", entries: entries.map(() => ({ kind: "accepted", eventId: "e" })) };
    },
  };
  const sending = { bus, sleep: async () => undefined, random: () => 0 };

  async function processTaken(): Promise<void> {
    const all = taken;
    taken = [];
    for (const intent of pipelineNames) {
      const types: readonly string[] = pipelines[intent].detailTypes;
      const records = all.filter(({ type }) => types.includes(type)).map(({ record }) => record);
      if (records.length > 0) await runBatch(records, { intent, directory, store, now, rules });
    }
  }

  async function settle(): Promise<void> {
    for (let round = 0; round < 5; round += 1) {
      await processTaken();
      now += 1;
      await publishDue({ ...sending, pending: memoryPendingStore(store), now });
      if (taken.length === 0) return;
    }
  }

  return {
    store,
    directory,
    /** Brings events to the bus at a minute of the day, and processes all that follows. */
    async arrive(minute: number, ...events: readonly Told[]): Promise<void> {
      now = Math.max(now + 1, day + minute * 60_000);
      for (const event of events)
        await bus.put([
          { source: "rollcall.hr", detailType: event.type, detail: JSON.stringify(toDetail(event)) },
        ]);
      await settle();
    },
    /** Undoes what came from a feed since a minute of the day, and processes all that follows. */
    async undo(
      minute: number,
      filter: Partial<UndoFilter> = {},
    ): Promise<{ plan: UndoPlan; report: UndoReport }> {
      now = Math.max(now + 1, day + minute * 60_000);
      const { plan, drafts } = await prepareUndo(
        { since: day, until: now, ...filter },
        {
          history: memoryHistory(store),
          table: "ledger",
          now: () => now,
          readAccount: async (id) => ({
            kind: "found",
            value: await directory.getAccount(id, { milliseconds: 1000 }),
          }),
          findAfterSuspension: rules.findAfterSuspension,
          onProgress: () => undefined,
        },
      );
      const report = await publishUndo(
        drafts,
        { by: "grace", note: "a wrong feed", now },
        {
          ...sending,
          undos: memoryUndos(store),
          signal: new AbortController().signal,
          onProgress: () => undefined,
          redact: (text) => text,
        },
      );
      await settle();
      return { plan, report };
    },
    states: () => statesOf(directory),
    outcomeOf: (id: string) => {
      const entry = [...store.journal.values()].find(({ eventId }) => eventId === id);
      return entry && [entry.outcome, entry.code].filter((each) => each !== undefined).join(" ");
    },
    trailOf: (id: string) => [...store.journal.values()].find(({ eventId }) => eventId === id)?.trail,
  };
}

function toDetail({ id, email, decided, effective, origin, license, userId }: Told) {
  return {
    metadata: {
      id,
      schemaVersion: "1.0",
      occurredAt: timeAt(decided),
      ...(origin !== undefined && { origin }),
    },
    data: {
      personId: email.slice(0, email.indexOf("@")),
      email,
      ...(effective !== undefined && { effectiveAt: timeAt(effective) }),
      ...(license !== undefined && { licenseType: license }),
      ...(userId !== undefined && { userId }),
    },
  };
}

function directoryOf(users: Users): FakeDirectory {
  const of = (domain: string) =>
    Object.entries(users).flatMap(([email, { state, license }]) =>
      email.endsWith(domain)
        ? [
            {
              userId: `u-${email.slice(0, email.indexOf("@"))}`,
              email,
              state,
              license,
              type: "person" as const,
            },
          ]
        : [],
    );
  return fakeDirectory([
    { accountId: "lwa", type: "EnterpriseLWA", users: of("@lwa.example") },
    { accountId: "team", type: "Team", users: of("@team.example") },
  ]);
}

function statesOf(directory: FakeDirectory): Record<string, { state: string; license: string | undefined }> {
  const users = ["lwa", "team"].flatMap((account) => directory.users(account));
  return Object.fromEntries(users.map(({ email, state, license }) => [email, { state, license }]));
}

/** The history of people in memory, as the ledger in DynamoDB tells it. */
function memoryHistory(store: MemoryStore): History {
  const entries = () => [...store.journal.values()];
  const between = (from: number, to: number) =>
    entries()
      .filter(({ settledAt }) => Date.parse(settledAt) >= from && Date.parse(settledAt) < to)
      .sort((a, b) => (a.settledAt < b.settledAt ? -1 : 1));
  return {
    ofPerson: async (personId): Promise<PersonHistory | undefined> => {
      const pending = [...store.pending.values()].filter((one) => one.personId === personId);
      return {
        personId,
        heads: (["access", "license"] as const).flatMap((aspect) => headOf(store, personId, aspect)),
        entries: entries()
          .filter((entry) => entry.personId === personId)
          .sort(compareDecisions),
        waiting: pending.flatMap((one) => (one.because === "held" ? [] : [one])),
        held: pending.flatMap((one) => (one.because === "held" ? [one] : [])),
      };
    },
    peopleAt: async () => [],
    async *between(from, to) {
      yield* between(from, to);
    },
    async *latest(from, to) {
      yield* between(from, to).reverse();
    },
  };
}

function headOf({ heads }: MemoryStore, personId: string, aspect: Aspect): Head[] {
  const state = heads.get(`${aspect} ${personId}`);
  if (state === undefined) return [];
  const { email, settled, left, addresses, busTimes } = state;
  return [
    {
      aspect,
      ...(email !== undefined && { email }),
      ...(settled !== undefined && { settled }),
      ...(left !== undefined && { left }),
      ...(addresses !== undefined && { addresses }),
      ...(busTimes !== undefined && { busTimes }),
    },
  ];
}
