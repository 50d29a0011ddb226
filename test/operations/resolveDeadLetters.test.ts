import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SqsFault } from "../../packages/aws-local/sqs/sqsFaults.ts";
import { type MemoryStore, memoryLedger, memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { memoryDiscards, memoryRedrives } from "../../src/ledger/memory/memoryPorts.ts";
import type { Discards } from "../../src/ledger/operatorDecisions.ts";
import { toDiscardEntry } from "../../src/operations/discardEntry.ts";
import { discard, redrive } from "../../src/operations/resolveDeadLetters.ts";
import { personQualifier } from "../../src/policy/policyRules.ts";
import { leaver } from "../events/eventLines.ts";
import { type DeadLetterWorld, startDeadLetterWorld } from "../queue/deadLetterWorld.ts";

const discardedBy = { by: "eve", because: "a wrong feed" };
const now = () => Date.parse("2026-06-01T08:00:00Z");
const ids = Array.from({ length: 13 }, (_, index) => `hr-${String(index).padStart(2, "0")}`);
const bodies = ids.map((id) => leaver(id));

describe("discard", () => {
  let world: DeadLetterWorld;
  let store: MemoryStore;
  beforeEach(async () => {
    world = await startDeadLetterWorld();
    store = memoryStore();
  });
  afterEach(() => world.close());

  async function discardAll(
    discards: Discards = memoryDiscards(store, now),
    signal = new AbortController().signal,
  ) {
    const letters = await world.hold();
    const results = await discard(world.queue, letters, { discards, discardedBy, signal, now });
    for (const letter of letters) await world.putBack(letter).catch(() => "it is gone");
    return results.map(({ letter, ...result }) => ({ body: letter.body, ...result }));
  }
  const kindsOf = (results: readonly { kind: string }[]) => results.map(({ kind }) => kind).sort();
  const journalled = () => [...store.journal.values()].map(({ eventId }) => eventId).sort();

  it("journals each and deletes it", async () => {
    await world.reject(...bodies);
    expect(kindsOf(await discardAll())).toEqual(Array(13).fill("discarded"));
    expect({ journalled: journalled(), dead: await world.dead() }).toEqual({ journalled: ids, dead: [] });
    expect(store.journal.get('["person-of-hr-00","hr-00"]')).toMatchObject({
      outcome: "discarded",
      code: "UserNotFound",
      requestId: "request-1",
      by: "eve",
      note: "a wrong feed",
      receivedAt: "2026-05-14T17:00:05.000Z",
      settledAt: "2026-06-01T08:00:00.000Z",
    });
  });

  it("writes the journal before it deletes anything", async () => {
    await world.reject(...bodies);
    const deletions: number[] = [];
    world.fail(({ operation, entries }) => {
      if (operation === "DeleteMessageBatch") deletions.push(store.journal.size - entries.length);
      return undefined;
    });
    await discardAll();
    expect(deletions).toEqual([0, 10]);
  });

  it("keeps what the ledger did not take, and what is being carried out", async () => {
    await world.reject(...bodies.slice(0, 3));
    const answers = {
      "hr-00": { kind: "fault", reason: "throttled" },
      "hr-01": { kind: "busy", until: 0 },
      "hr-02": { kind: "settled" },
    } as const;
    const discards: Discards = {
      discard: async ({ eventId }) =>
        eventId === "hr-00" || eventId === "hr-01" || eventId === "hr-02"
          ? answers[eventId]
          : { kind: "done" },
      discardUnread: async () => ({ kind: "done" }),
    };
    const results = await discardAll(discards);
    expect(results.toSorted((a, b) => (a.body < b.body ? -1 : 1))).toEqual([
      { body: bodies[0], kind: "notJournalled", reason: "throttled" },
      {
        body: bodies[1],
        kind: "notJournalled",
        reason:
          "an invocation may be acting on it until 1970-01-01T00:00:00.000Z; see then what became of it",
      },
      { body: bodies[2], kind: "copyDiscarded" },
    ]);
    expect(await world.dead()).toEqual(bodies.slice(0, 2));
  });

  it("says which could not be deleted: their entry is written, and a second time does no harm", async () => {
    await world.reject(...bodies.slice(0, 2));
    world.fail(({ operation, index }) =>
      operation === "DeleteMessageBatch" && index === 0
        ? { kind: "refuseEntries", ids: ["0"], code: "InternalError" }
        : undefined,
    );
    const kinds = kindsOf(await discardAll());
    expect({ kinds, journalled: journalled() }).toEqual({
      kinds: ["discarded", "notDeleted"],
      journalled: ["hr-00", "hr-01"],
    });
    expect(kindsOf(await discardAll())).toEqual(["copyDiscarded"]);
    expect(await world.dead()).toEqual([]);
  });

  it("ends after the ten that are under way when it is interrupted", async () => {
    await world.reject(...bodies);
    const interruption = new AbortController();
    world.fail(() => void interruption.abort());
    const kinds = kindsOf(await discardAll(memoryDiscards(store, now), interruption.signal));
    expect({ kinds, journalled: journalled().length, dead: (await world.dead()).length }).toEqual({
      kinds: [...Array(10).fill("discarded"), ...Array(3).fill("untouched")],
      journalled: 10,
      dead: 3,
    });
  });

  it("deletes what names nobody, and says that there was nothing to journal", async () => {
    await world.reject("not JSON", '{"detail": {"metadata": {"id": "hr-1"}}}', "[]");
    expect(kindsOf(await discardAll())).toEqual(Array(3).fill("discardedUnjournalled"));
    expect({ journalled: journalled(), dead: await world.dead() }).toEqual({ journalled: [], dead: [] });
  });

  it("journals the person under the namespace of the event's origin, as the pipeline does", async () => {
    const event = JSON.parse(leaver("hr-1"));
    event.detail.metadata.origin = "bamboohr";
    await world.reject(JSON.stringify(event));
    const [letter] = await world.hold();
    if (letter === undefined) throw new Error("no letter");
    const qualify = personQualifier({ personIds: { namespaces: { bamboo: ["bamboohr"] } } });
    const ids = [
      toDiscardEntry(letter, discardedBy, now())?.entry.personId,
      toDiscardEntry(letter, discardedBy, now(), qualify)?.entry.personId,
    ];
    expect(ids).toEqual([event.detail.data.personId, `bamboo/${event.detail.data.personId}`]);
  });

  it("leaves no mark on the person's head for a letter that its pipeline cannot read: none can be claimed", async () => {
    const broken = JSON.parse(leaver("hr-1"));
    broken.detail.data.email = "no address";
    await world.reject(JSON.stringify(broken));
    const kinds = kindsOf(await discardAll());
    expect({ kinds, journalled: journalled().length, heads: [...store.heads.values()] }).toEqual({
      kinds: ["discarded"],
      journalled: 1,
      heads: [],
    });
  });

  it("does not stand in the way of a broken event's mended copy: only the letter is discarded", async () => {
    const mended = JSON.parse(leaver("hr-1"));
    const broken = structuredClone(mended);
    broken.detail.data.email = "no address";
    await world.reject(JSON.stringify(broken));
    const [letter] = await world.hold();
    if (letter === undefined) throw new Error("no letter");
    await world.putBack(letter);
    await discardAll();
    const discarded = toDiscardEntry({ ...letter, body: JSON.stringify(mended) }, discardedBy, now());
    if (discarded === undefined) throw new Error("no entry");
    const { personId, eventId, version } = discarded.entry;
    const [answer] = await memoryLedger(store).claim(
      [{ personId, eventId, version, aspect: "access", intent: "offboard", email: "ada@example.com" }],
      { owner: "one", now: 0, until: 1 },
    );
    expect({ answer: answer?.kind, journalled: journalled() }).toEqual({
      answer: "granted",
      journalled: [`hr-1 (dead letter ${letter.messageId})`],
    });
  });
});

describe("redrive", () => {
  const bodies = Array.from({ length: 23 }, (_, index) => `body ${String(index).padStart(2, "0")}`);
  const going = new AbortController().signal;
  let world: DeadLetterWorld;
  beforeEach(async () => {
    world = await startDeadLetterWorld();
    await world.reject(...bodies);
  });
  afterEach(() => world.close());

  const contextOf = (signal: AbortSignal, redrives = memoryRedrives(memoryStore())) => ({
    redrives,
    redrivenBy: { by: "eve" },
    signal,
    now,
  });

  /** Redrives all letters; gives how many ended how, and where the messages are after that. */
  async function redriveAll(signal = going) {
    const counts: Record<string, number> = {};
    const reasons = new Set<string>();
    for (const result of await redrive(world.queue, await world.hold(), contextOf(signal))) {
      counts[result.kind] = (counts[result.kind] ?? 0) + 1;
      if (result.reason !== undefined) reasons.add(result.reason);
      if (result.kind !== "redriven") await world.putBack(result.letter).catch(() => "it is gone");
    }
    const [queued, dead] = [await world.queued(), await world.dead()];
    const homeless = bodies.filter((body) => !queued.includes(body) && !dead.includes(body));
    return { counts, reasons: [...reasons], queued: queued.length, dead: dead.length, homeless };
  }
  const failOnce = (operation: string, fault: SqsFault) =>
    world.fail((request) => (request.operation === operation && request.index === 0 ? fault : undefined));

  it("puts all of them back as they came, with their first receipt, and none of what told why they died", async () => {
    await redrive(world.queue, await world.hold(), contextOf(going));
    const { Messages } = await world.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: world.urls.queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
        MessageAttributeNames: ["All"],
      }),
    );
    expect(Messages?.map(({ MessageAttributes = {} }) => Object.keys(MessageAttributes))).toEqual(
      Array(10).fill(["RollcallFirstReceivedAt"]),
    );
    expect({ queued: await world.queued(), dead: await world.dead() }).toEqual({ queued: bodies, dead: [] });
  });

  const down: SqsFault = { kind: "refuse", status: 503, code: "ServiceUnavailable" };
  const lost: SqsFault = { kind: "loseAnswer" };
  const some: SqsFault = { kind: "refuseEntries", ids: ["0", "3"], code: "InternalError" };
  it.each([
    [
      "a send fails",
      "SendMessageBatch",
      down,
      { counts: { notSent: 10, redriven: 13 }, queued: 13, dead: 10 },
    ],
    [
      "a send fails in part",
      "SendMessageBatch",
      some,
      { counts: { notSent: 2, redriven: 21 }, queued: 21, dead: 2 },
    ],
    // It cannot be known whether the queue has them: rather twice than never.
    [
      "a send loses its answer",
      "SendMessageBatch",
      lost,
      { counts: { notSent: 10, redriven: 13 }, queued: 23, dead: 10 },
    ],
    [
      "a deletion fails",
      "DeleteMessageBatch",
      down,
      { counts: { notDeleted: 10, redriven: 13 }, queued: 23, dead: 10 },
    ],
    [
      "a deletion fails in part",
      "DeleteMessageBatch",
      some,
      { counts: { notDeleted: 2, redriven: 21 }, queued: 23, dead: 2 },
    ],
    [
      "a deletion loses its answer",
      "DeleteMessageBatch",
      lost,
      { counts: { notDeleted: 10, redriven: 13 }, queued: 23, dead: 0 },
    ],
  ])("loses none and says which if %s", async (_, operation, fault, expected) => {
    failOnce(operation, fault);
    const { reasons, ...ending } = await redriveAll();
    expect(ending).toEqual({ ...expected, homeless: [] });
    expect(reasons).toHaveLength(1);
  });

  it.each(["SendMessageBatch", "DeleteMessageBatch"])(
    "ends after the ten that are under way when it is interrupted at their %s",
    async (operation) => {
      const interruption = new AbortController();
      world.fail((request) => {
        if (request.operation === operation) interruption.abort();
        return undefined;
      });
      expect(await redriveAll(interruption.signal)).toEqual({
        counts: { redriven: 10, untouched: 13 },
        reasons: [],
        queued: 10,
        dead: 13,
        homeless: [],
      });
    },
  );
});
