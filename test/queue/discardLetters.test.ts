import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type MemoryStore, memoryLedger, memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { memoryDiscards } from "../../src/ledger/memory/memoryPorts.ts";
import type { Discards } from "../../src/ledger/operatorDecisions.ts";
import { discardLetters } from "../../src/queue/discardLetters.ts";
import { toDiscardEntry } from "../../src/queue/toDiscardEntry.ts";
import { leaver } from "../events/eventLines.ts";
import { type LetterWorld, startLetterWorld } from "./letterWorld.ts";

const discardedBy = { by: "eve", note: "a wrong feed" };
const now = () => Date.parse("2026-06-01T08:00:00Z");
const ids = Array.from({ length: 13 }, (_, index) => `hr-${String(index).padStart(2, "0")}`);
const bodies = ids.map((id) => leaver(id));

describe("discardLetters", () => {
  let world: LetterWorld;
  let store: MemoryStore;
  beforeEach(async () => {
    world = await startLetterWorld();
    store = memoryStore();
  });
  afterEach(() => world.close());

  async function discard(
    discards: Discards = memoryDiscards(store, now),
    signal = new AbortController().signal,
  ) {
    const letters = await world.hold();
    const results = await discardLetters(letters, { box: world.box, discards, discardedBy, signal, now });
    for (const letter of letters) await world.putBack(letter).catch(() => "it is gone");
    return results.map(({ letter, ...result }) => ({ body: letter.body, ...result }));
  }
  const kindsOf = (results: readonly { kind: string }[]) => results.map(({ kind }) => kind).sort();
  const journalled = () => [...store.journal.values()].map(({ eventId }) => eventId).sort();

  it("journals each and deletes it", async () => {
    await world.bury(...bodies);
    expect(kindsOf(await discard())).toEqual(Array(13).fill("discarded"));
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
    await world.bury(...bodies);
    const deletions: number[] = [];
    world.fail(({ operation, entries }) => {
      if (operation === "DeleteMessageBatch") deletions.push(store.journal.size - entries.length);
      return undefined;
    });
    await discard();
    expect(deletions).toEqual([0, 10]);
  });

  it("keeps what the ledger did not take, and what is being carried out", async () => {
    await world.bury(...bodies.slice(0, 3));
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
    };
    const results = await discard(discards);
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
    await world.bury(...bodies.slice(0, 2));
    world.fail(({ operation, index }) =>
      operation === "DeleteMessageBatch" && index === 0
        ? { kind: "refuseEntries", ids: ["0"], code: "InternalError" }
        : undefined,
    );
    const kinds = kindsOf(await discard());
    expect({ kinds, journalled: journalled() }).toEqual({
      kinds: ["discarded", "notDeleted"],
      journalled: ["hr-00", "hr-01"],
    });
    expect(kindsOf(await discard())).toEqual(["copyDiscarded"]);
    expect(await world.dead()).toEqual([]);
  });

  it("ends after the ten that are under way when it is interrupted", async () => {
    await world.bury(...bodies);
    const interruption = new AbortController();
    world.fail(() => void interruption.abort());
    const kinds = kindsOf(await discard(memoryDiscards(store, now), interruption.signal));
    expect({ kinds, journalled: journalled().length, dead: (await world.dead()).length }).toEqual({
      kinds: [...Array(10).fill("discarded"), ...Array(3).fill("untouched")],
      journalled: 10,
      dead: 3,
    });
  });

  it("deletes what names nobody, and says that there was nothing to journal", async () => {
    await world.bury("not JSON", '{"detail": {"metadata": {"id": "hr-1"}}}', "[]");
    expect(kindsOf(await discard())).toEqual(Array(3).fill("discardedUnjournalled"));
    expect({ journalled: journalled(), dead: await world.dead() }).toEqual({ journalled: [], dead: [] });
  });

  it("does not stand in the way of a broken event's mended copy: only the letter is discarded", async () => {
    const mended = JSON.parse(leaver("hr-1"));
    const broken = structuredClone(mended);
    broken.detail.data.email = "no address";
    await world.bury(JSON.stringify(broken));
    const [letter] = await world.hold();
    if (letter === undefined) throw new Error("no letter");
    await world.putBack(letter);
    await discard();
    const entry = toDiscardEntry({ ...letter, body: JSON.stringify(mended) }, discardedBy, now());
    if (entry === undefined) throw new Error("no entry");
    const { personId, eventId, version } = entry;
    const [answer] = await memoryLedger(store).claim(
      [{ personId, eventId, version, aspect: "access", email: "ada@example.com" }],
      { owner: "one", now: 0, until: 1 },
    );
    expect({ answer: answer?.kind, journalled: journalled() }).toEqual({
      answer: "granted",
      journalled: [`hr-1 (dead letter ${letter.messageId})`],
    });
  });
});
