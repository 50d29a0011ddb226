import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entrySizeBytes, MAX_ENTRIES_PER_REQUEST, MAX_REQUEST_BYTES } from "../../src/events/eventBus.ts";
import type { ToEntryResult } from "../../src/events/eventEntry.ts";
import type { EventLine } from "../../src/events/eventLines.ts";
import { batchLines, type LineBatch, publishEvents } from "../../src/events/publishEvents.ts";
import { collect } from "./collect.ts";
import { leaver, malformedLeaver, toLines } from "./eventLines.ts";
import { denied, type Fault, invalid, recordingBus, throttled } from "./recordingBus.ts";

describe("publishEvents", () => {
  const dependencies = { sleep: async () => {}, random: () => 0 };
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`);
  const leavers = (count: number) => toLines(ids(count).map((id) => leaver(id)));

  it("sends valid lines in tens and gives a result for every line", async () => {
    const bus = recordingBus();
    const lines = toLines([leaver("a"), "no JSON", malformedLeaver("b"), leaver("c")]);
    const results = await collect(publishEvents(lines, { bus, ...dependencies }));
    expect(results.map(({ line, status }) => [line.number, status])).toEqual([
      [1, "accepted"],
      [2, "refused"],
      [3, "malformed"],
      [4, "accepted"],
    ]);
    expect(results[3]).toEqual({ line: lines[3], status: "accepted", eventId: "event-c" });
    expect(bus.calls).toEqual([["a", "c"]]);
  });

  it("makes the fewest calls: 25 events are three", async () => {
    const bus = recordingBus();
    await collect(publishEvents(leavers(25), { bus, ...dependencies }));
    expect(bus.calls.map((call) => call.length)).toEqual([10, 10, 5]);
  });

  it("sends malformed lines too when asked not to check", async () => {
    const bus = recordingBus();
    const lines = toLines([malformedLeaver("a"), "no JSON"]);
    const results = await collect(publishEvents(lines, { bus, ...dependencies, unchecked: true }));
    expect(results.map(({ status }) => status)).toEqual(["accepted", "refused"]);
  });

  it("gives exactly one result per line, in order, accepted if and only if the bus took it", async () => {
    const kind = fc.constantFrom("fine", "malformed", "no JSON", "throttled once", "invalid");
    await fc.assert(
      fc.asyncProperty(
        fc.array(kind, { maxLength: 80 }),
        fc.array(fc.nat(30)),
        async (kinds, failingCalls) => {
          const attempts = new Map<string, number>();
          const faultOf = (call: number, sent: string[]): Fault => {
            if (failingCalls.includes(call)) return { call: throttled };
            const failures = sent.flatMap((id) => {
              const attempt = attempts.get(id) ?? 0;
              attempts.set(id, attempt + 1);
              if (id.startsWith("invalid")) return [[id, invalid] as const];
              return id.startsWith("throttled") && attempt === 0 ? [[id, throttled] as const] : [];
            });
            return { entries: Object.fromEntries(failures) };
          };
          const bus = recordingBus(faultOf);
          const texts = kinds.map((name, index) => {
            if (name === "no JSON") return name;
            return name === "malformed" ? malformedLeaver(`${index}`) : leaver(`${name}-${index}`);
          });
          const lines = toLines(texts);
          const results = await collect(publishEvents(lines, { bus, ...dependencies }));

          expect(results.map(({ line }) => line)).toEqual(lines);
          const expected = { "no JSON": "refused", malformed: "malformed", invalid: "refused" } as Record<
            string,
            string
          >;
          // Eight calls in a row that fail stop the run, which another test is about.
          fc.pre(new Set(failingCalls).size < 8);
          expect(results.map(({ status }) => status)).toEqual(
            kinds.map((name) => expected[name] ?? "accepted"),
          );
          for (const result of results) {
            if (result.status !== "accepted") continue;
            expect(result.eventId).toBe(
              `event-${JSON.parse(result.line.bytes.toString()).detail.metadata.id}`,
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("has no more calls under way than it is allowed, and uses what it is allowed", async () => {
    const bus = recordingBus();
    await collect(publishEvents(leavers(200), { bus, ...dependencies, concurrency: 3 }));
    expect(bus.mostCallsAtOnce()).toBe(3);
  });

  it("reads no further ahead than the calls under way, so the input may be endless", async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<EventLine> {
      for (;;) yield* toLines([leaver(`e${read++}`)]);
    }
    const results = publishEvents(endless(), { bus: recordingBus(), ...dependencies, concurrency: 2 });
    for (let taken = 0; taken < 100; taken++) await results.next();
    expect(read).toBeLessThanOrEqual(100 + 4 * 10);
    await results.return(undefined);
  });

  it("stops sending when the bus fails for good, and gives the reason for each unsent line", async () => {
    const bus = recordingBus((call) => (call === 1 ? { call: denied } : undefined));
    const results = await collect(publishEvents(leavers(40), { bus, ...dependencies, concurrency: 1 }));
    expect(bus.calls).toHaveLength(2);
    expect(results.map(({ status }) => status)).toEqual([
      ...Array(10).fill("accepted"),
      ...Array(10).fill("refused"),
      ...Array(20).fill("unsent"),
    ]);
    expect(results[39]).toMatchObject({ reason: "stopped after AccessDeniedException: no permission" });
  });

  it("finishes the call under way when its signal is aborted, and still gives a result for every line", async () => {
    const stop = new AbortController();
    const bus = recordingBus((call) => {
      if (call === 1) stop.abort("interrupted");
      return undefined;
    });
    const results = await collect(
      publishEvents(leavers(40), { bus, ...dependencies, concurrency: 1, signal: stop.signal }),
    );
    expect(results.map(({ status }) => status)).toEqual([
      ...Array(20).fill("accepted"),
      ...Array(20).fill("unsent"),
    ]);
  });

  it("throws what the input throws, after the results before it", async () => {
    async function* broken(): AsyncGenerator<EventLine> {
      yield* leavers(10);
      yield* leavers(1);
      throw new Error("the disk is gone");
    }
    const seen: string[] = [];
    const run = (async () => {
      for await (const { status } of publishEvents(broken(), { bus: recordingBus(), ...dependencies })) {
        seen.push(status);
      }
    })();
    await expect(run).rejects.toThrow("the disk is gone");
    expect(seen).toEqual(Array(10).fill("accepted"));
  });
});

describe("batchLines", () => {
  /** A line here is the number of bytes of its detail, or one that is refused. */
  const bad = "bad";

  function check(bytes: Uint8Array): ToEntryResult {
    const text = Buffer.from(bytes).toString().trim();
    if (text === bad) return { status: "refused", code: "NotJson", message: "bad" };
    return { status: "entry", entry: { source: "s", detailType: "t", detail: "x".repeat(Number(text)) } };
  }

  const batch = (texts: string[]) => collect(batchLines(toLines(texts), check));
  const entriesOf = (lines: LineBatch) =>
    lines.flatMap((line) => (line.checked.status === "entry" ? [line.checked.entry] : []));
  const bytesOf = (lines: LineBatch) =>
    entriesOf(lines).reduce((sum, entry) => sum + entrySizeBytes(entry), 0);

  const line = fc.oneof(
    { weight: 12, arbitrary: fc.constant("700") },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: MAX_REQUEST_BYTES - 3 }).map(String) },
    { weight: 1, arbitrary: fc.constant(bad) },
  );

  it("keeps every line, in order, and no batch breaks a limit of PutEvents", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 60, size: "max" }), async (texts) => {
        const batches = await batch(texts);
        expect(batches.flat().map((checked) => checked.line.number)).toEqual(
          texts.map((_, index) => index + 1),
        );
        for (const lines of batches) {
          expect(lines.length).toBeGreaterThan(0);
          expect(entriesOf(lines).length).toBeLessThanOrEqual(MAX_ENTRIES_PER_REQUEST);
          expect(bytesOf(lines)).toBeLessThan(MAX_REQUEST_BYTES);
        }
      }),
    );
  });

  it("cuts only where the next entry would not have fitted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 60, size: "max" }), async (texts) => {
        const batches = await batch(texts);
        for (const [index, lines] of batches.slice(0, -1).entries()) {
          const [next] = entriesOf(batches[index + 1] ?? []);
          const isFull = entriesOf(lines).length === MAX_ENTRIES_PER_REQUEST;
          const isHeavy = next !== undefined && bytesOf(lines) + entrySizeBytes(next) >= MAX_REQUEST_BYTES;
          expect(isFull || isHeavy).toBe(true);
        }
      }),
    );
  });

  it("does not gather bad lines without end", async () => {
    const batches = await batch(Array(2500).fill(bad));
    expect(batches.map((lines) => lines.length)).toEqual([1000, 1000, 500]);
  });
});
