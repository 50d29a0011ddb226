import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toEntry } from "../../src/events/eventEntry.ts";
import { parseHrEvent } from "../../src/events/parseEvent.ts";
import { memoryLedger, memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { memoryPendingStore } from "../../src/ledger/memory/memoryPorts.ts";
import type { DeferAnswer, WaitingDecision } from "../../src/ledger/pendingStore.ts";
import {
  type DecisionToDefer,
  deferDecisions,
  splitByEffectiveDate,
  toPendingLine,
} from "../../src/provisioning/deferDecisions.ts";
import { aBody, aRecord } from "./records.ts";
import { aDecision, noon } from "./samples.ts";

describe("splitByEffectiveDate", () => {
  it.each([
    ["has begun", { occurredAt: noon - 5, effectiveAt: noon }, true],
    ["begins in a millisecond", { occurredAt: noon - 5, effectiveAt: noon + 1 }, false],
    ["is not named, by a clock that is ahead", { occurredAt: noon + 9, effectiveAt: noon + 9 }, true],
  ])("of a decision whose day %s", (_, times, isEffective) => {
    const decision = aDecision(times);
    const until = times.effectiveAt;
    expect(splitByEffectiveDate([decision], noon)).toEqual(
      isEffective
        ? { effective: [decision], later: [] }
        : {
            effective: [],
            later: [{ decision, deferred: { kind: "deferred", because: "effectiveLater", until } }],
          },
    );
  });
});

it("a decision that HR makes more than five minutes from now waits until then, whatever its day", () => {
  const occurredAt = noon + 300_001;
  const splitOf = (times: object) => splitByEffectiveDate([aDecision(times)], noon);
  const waits = [{ kind: "deferred", because: "fromTheFuture", until: occurredAt }];
  for (const effectiveAt of [occurredAt, noon - 5, noon + 86_400_000])
    expect(splitOf({ occurredAt, effectiveAt }).later.map(({ deferred }) => deferred)).toEqual(waits);
  expect(splitOf({ occurredAt: occurredAt - 1, effectiveAt: occurredAt - 1 }).later).toEqual([]);
});

describe("deferDecisions", () => {
  const hour = 3_600_000;
  const tomorrow = { kind: "deferred", because: "effectiveLater", until: noon + 24 * hour } as const;
  const notRegistered = { kind: "deferred", because: "notRegistered", until: noon + hour } as const;

  /** A store that gives these answers, one for each decision, and notes what it was asked to keep. */
  function storeThat(...answers: DeferAnswer[]) {
    const asked: (readonly WaitingDecision[])[] = [];
    const defer = async (decisions: readonly WaitingDecision[]) => {
      asked.push(decisions);
      return answers.slice(0, decisions.length);
    };
    return { asked, pending: { ...memoryPendingStore(memoryStore()), defer } };
  }

  const done: DeferAnswer = { kind: "deferred" };
  const leaver = (index: number, id = `e-${index}`): DecisionToDefer => ({
    decision: aDecision({ index, eventId: id }),
    deferred: tomorrow,
  });

  async function deferAll(
    decisions: readonly DecisionToDefer[],
    records: readonly { body: string }[],
    store: ReturnType<typeof storeThat>,
  ) {
    const queued = records.map(({ body }) => aBody(body));
    return deferDecisions(decisions, queued, { ...store, ledger: memoryLedger(memoryStore()) }, noon);
  }

  it("keeps the decision with its due date, and the event as it came with the time of its receipt", async () => {
    const store = storeThat(done);
    const record = aRecord("EmployeeLeft", { id: "e-0", data: { costCentre: 7 } });
    const { version } = leaver(0).decision;
    expect(await deferAll([leaver(0)], [record], store)).toEqual([{ index: 0, outcome: tomorrow }]);
    const { "detail-type": type, source, detail } = JSON.parse(record.body);
    expect(store.asked.flat().map(({ event, ...kept }) => ({ ...kept, event: JSON.parse(event) }))).toEqual([
      {
        personId: "p-1",
        aspect: "access",
        intent: "offboard",
        eventId: "e-0",
        version,
        busTime: Date.parse("2026-05-14T12:00:00.500Z"),
        hasOwnPlace: true,
        because: "effectiveLater",
        dueAt: noon + 24 * hour,
        event: {
          "detail-type": type,
          source,
          detail: {
            ...detail,
            metadata: {
              ...detail.metadata,
              receivedAt: "2026-05-14T12:00:01.000Z",
              busTime: "2026-05-14T12:00:00.500Z",
            },
          },
        },
      },
    ]);
  });

  it("keeps a held decision without a date, with its account and the rule that held it", async () => {
    const store = storeThat(done);
    const deferred = { kind: "held", rule: "SuspensionLimit" } as const;
    const held = { decision: aDecision({ index: 0, accountId: "team" }), deferred };
    expect(await deferAll([held], [aRecord("EmployeeLeft")], store)).toEqual([
      { index: 0, outcome: deferred },
    ]);
    expect(store.asked.flat()).toEqual([
      {
        personId: "p-1",
        aspect: "access",
        intent: "offboard",
        eventId: "e-1",
        version: held.decision.version,
        busTime: held.decision.busTime,
        event: expect.any(String),
        because: "held",
        accountId: "team",
        heldAt: noon,
        hasOwnPlace: true,
        rule: "SuspensionLimit",
      },
    ]);
  });

  it("says of a claimed decision that its claim notes it, unless decisions about another aspect cancel it", async () => {
    const store = storeThat(done, done, done);
    const follows = { type: "EmployeeLeft", id: "hr-1" } as const;
    const followUp = aDecision({ index: 2, intent: "relicense", follows });
    await deferAll(
      [
        leaver(0),
        { ...leaver(1), isClaimed: true },
        { decision: followUp, deferred: notRegistered, isClaimed: true },
      ],
      [aRecord("EmployeeLeft"), aRecord("EmployeeLeft"), aRecord("LicenseChanged")],
      store,
    );
    expect(store.asked.flat().map((decision) => "isClaimed" in decision)).toEqual([false, true, false]);
  });

  it.each([
    ["EmployeeHired", "licenseAfterJoining"],
    ["EmployeeReturned", "licenseAfterJoining"],
    ["EmployeeLeft", "licenseAfterLeaving"],
  ] as const)(
    "keeps what follows from %s apart from HR's own licenses, for access to cancel",
    async (type, kind) => {
      const store = storeThat(done);
      const follows = { type, id: "hr-1" };
      const decision = aDecision({ index: 0, intent: "relicense", follows });
      const record = aRecord("LicenseChanged", { data: { licenseType: "Pro", follows } });
      await deferAll([{ decision, deferred: notRegistered }], [record], store);
      expect(
        store.asked.flat().map(({ aspect, intent, followUp }) => ({ aspect, intent, followUp })),
      ).toEqual([{ aspect: "access", intent: "relicense", followUp: kind }]);
    },
  );

  it.each([
    ["now, the first time", undefined, noon],
    ["the first time, later on", noon - hour, noon - hour],
    ["now, if it claims to wait since a time that is to come", noon + hour, noon],
  ])("says that a decision has waited for its user since %s", async (_, waitingSince, since) => {
    const store = storeThat(done);
    const waiting = { decision: aDecision({ waitingSince }), deferred: notRegistered };
    await deferAll([waiting], [aRecord("EmployeeHired")], store);
    expect(store.asked.flat().map(({ event }) => JSON.parse(event).detail.metadata.waitingSince)).toEqual([
      new Date(since).toISOString(),
    ]);
  });

  it("gives each decision the store's answer for it; what has none, or a fault, comes again", async () => {
    const store = storeThat(done, { kind: "superseded", by: "e-9" }, { kind: "fault", reason: "throttled" });
    const records = [0, 1, 2, 3].map((n) => aRecord("EmployeeLeft", { id: `e-${n}` }));
    const outcomes = await deferAll([leaver(3), leaver(1), leaver(0), leaver(2)], records, store);
    expect(outcomes).toEqual([
      { index: 3, outcome: tomorrow },
      { index: 1, outcome: { kind: "superseded", by: "e-9" } },
      { index: 0, outcome: { kind: "retry", code: "LedgerUnavailable", reason: "throttled" } },
      {
        index: 2,
        outcome: {
          kind: "retry",
          code: "LedgerUnavailable",
          reason: "the ledger gave no answer for the message",
        },
      },
    ]);
    expect(store.asked.flat().map(({ event }) => JSON.parse(event).detail.metadata.id)).toEqual([
      "e-3",
      "e-1",
      "e-0",
      "e-2",
    ]);
  });

  it("rejects what the bus would not take again, and puts its neighbours off", async () => {
    const store = storeThat(done, { kind: "superseded", by: "e-9" });
    const large = aRecord("EmployeeLeft", { id: "e-1", data: { photo: "x".repeat(262_144) } });
    const foreign = { body: aRecord("EmployeeLeft", { id: "e-2" }).body.replace("rollcall.hr", "aws.hr") };
    const records = [aRecord("EmployeeLeft"), large, foreign, aRecord("EmployeeLeft")];
    const outcomes = await deferAll(
      [0, 1, 2, 3].map((index) => leaver(index)),
      records,
      store,
    );
    expect(
      outcomes.map(({ index, outcome }) => [index, "code" in outcome ? outcome.code : outcome.kind]),
    ).toEqual([
      [0, "deferred"],
      [1, "Unpublishable"],
      [2, "Unpublishable"],
      [3, "superseded"],
    ]);
    const reasons = outcomes.map(({ outcome }) => (outcome.kind === "rejected" ? outcome.reason : ""));
    expect(reasons[1]).toContain("TooLarge: expected an entry of less than 262144 bytes; got 262");
    expect(reasons[2]).toContain("InvalidSource: source: expected text");
    expect(store.asked.flat().map(({ eventId }) => eventId)).toEqual(["e-0", "e-3"]);
  });

  it("asks the store for nothing if nothing is to be deferred", async () => {
    const store = storeThat();
    expect([await deferAll([], [], store), store.asked]).toEqual([[], []]);
  });
});

describe("the line of an event that waits", () => {
  const metadata = { id: "e-1", schemaVersion: "1.0", occurredAt: "2026-05-14T11:00:00Z" };
  const data = { personId: "p-1", email: "ada@example.com" };
  const receivedAt = "2026-05-14T12:00:00.000Z";
  const waits = { receivedAt: noon, waitingSince: noon };
  const envelope = {
    version: "0",
    id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": "EmployeeHired",
    source: "acme.hr",
    account: "123456789012",
    resources: [],
    detail: { metadata, data },
  };

  it("has the event, and not the envelope that the bus will put around it anew", () => {
    const line = toPendingLine(JSON.stringify(envelope), { receivedAt: noon });
    expect(JSON.parse(line)).toEqual({
      source: "acme.hr",
      "detail-type": "EmployeeHired",
      detail: { metadata: { ...metadata, receivedAt }, data },
    });
  });

  it("says since when the event waits, in place of what it said before", () => {
    const before = { ...metadata, waitingSince: "2026-01-01T00:00:00.000Z" };
    const body = JSON.stringify({ ...envelope, detail: { metadata: before, data } });
    expect(JSON.parse(toPendingLine(body, waits)).detail).toEqual({
      metadata: { ...metadata, receivedAt, waitingSince: "2026-05-14T12:00:00.000Z" },
      data,
    });
  });

  it("keeps every field that the schema does not know, wherever it stands", () => {
    fc.assert(
      fc.property(unknownFields, unknownFields, unknownFields, (inDetail, inMetadata, inData) => {
        const detail = {
          ...inDetail,
          metadata: { ...inMetadata, ...metadata },
          data: { ...inData, ...data },
        };
        const body = JSON.stringify({ ...envelope, detail });
        const came = JSON.parse(body).detail;
        expect(JSON.parse(toPendingLine(body, waits)).detail).toEqual({
          ...came,
          metadata: { ...came.metadata, receivedAt, waitingSince: "2026-05-14T12:00:00.000Z" },
        });
      }),
    );
  });

  it("can be published, and is read as the same event", () => {
    const entry = toEntry(Buffer.from(toPendingLine(JSON.stringify(envelope), waits)), { unchecked: false });
    const detail = entry.status === "entry" ? JSON.parse(entry.entry.detail) : undefined;
    const waitingSince = "2026-05-14T12:00:00.000Z";
    expect(parseHrEvent("EmployeeHired", detail)).toEqual({
      ok: true,
      event: { type: "EmployeeHired", metadata: { ...metadata, receivedAt, waitingSince }, data },
      dropped: [],
    });
  });

  it.each(["", "[]", '{"detail": 1}', '{"detail": {"metadata": null}}'])(
    "cannot be made of %j, which was never read as an event",
    (body) => {
      expect(() => toPendingLine(body, waits)).toThrow("which was parsed before, to be an object");
    },
  );

  it("is the same when it is deferred again and again, but for the time", () => {
    const once = toPendingLine(JSON.stringify(envelope), waits);
    expect(toPendingLine(once, waits)).toEqual(once);
  });

  const unknownFields = fc.dictionary(
    fc
      .string({ unit: "binary" })
      .filter((name) => !["metadata", "data", "receivedAt", "busTime", "waitingSince"].includes(name)),
    fc.jsonValue(),
  );
});
