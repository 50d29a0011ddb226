import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BatchAnswer, bytesPerCall, inBatches } from "../../../src/queue/sqs/inBatches.ts";

interface Parcel {
  name: number;
  bytes: number;
}

/** What becomes of a parcel: named as successful, named as failed, not named at all, or its call fails. */
const fates = ["taken", "refused", "forgotten", "callFails"] as const;
type Fate = (typeof fates)[number];

const parcels = fc
  .array(
    fc.record({
      bytes: fc.oneof(fc.nat(4_000), fc.integer({ min: 200_000, max: bytesPerCall * 2 })),
      fate: fc.constantFrom<Fate>("taken", "taken", "taken", ...fates),
    }),
    { maxLength: 120 },
  )
  .map((list) => list.map((parcel, name) => ({ ...parcel, name })));

/** A receiver that keeps a record of its calls. */
function recorder(fateOf: (parcel: Parcel) => Fate = () => "taken") {
  const calls: { id: string; entry: Parcel }[][] = [];
  const send = async (batch: { id: string; entry: Parcel }[]): Promise<BatchAnswer> => {
    calls.push(batch);
    if (batch.some(({ entry }) => fateOf(entry) === "callFails")) throw new Error("the call failed");
    const withFate = (fate: Fate) => batch.filter(({ entry }) => fateOf(entry) === fate);
    return {
      Successful: withFate("taken").map(({ id }) => ({ Id: id })),
      Failed: withFate("refused").map(() => ({ Code: "InternalError", Message: "try again" })),
    };
  };
  return { calls, send };
}

const ofBytes = (...sizes: number[]): Parcel[] => sizes.map((bytes, name) => ({ name, bytes }));
const sizeOf = ({ bytes }: Parcel) => bytes;

/** The sizes in each call that is made for entries of these sizes. */
async function packed(...sizes: number[]): Promise<number[][]> {
  const { calls, send } = recorder();
  await inBatches(ofBytes(...sizes), sizeOf, send);
  return calls.map((call) => call.map(({ entry }) => entry.bytes));
}

describe("entries are packed", () => {
  it("ten to a call", async () => {
    const calls = await packed(...new Array<number>(23).fill(1));
    expect(calls.map(({ length }) => length)).toEqual([10, 10, 3]);
  });

  it("up to the last byte that a call may carry", async () => {
    expect(await packed(bytesPerCall - 1, 1, 1)).toEqual([[bytesPerCall - 1, 1], [1]]);
  });

  it("alone if one is over the limit by itself", async () => {
    expect(await packed(5, bytesPerCall + 1, 6)).toEqual([[5], [bytesPerCall + 1], [6]]);
  });

  it("into no call if there are none", async () => {
    expect(await packed()).toEqual([]);
  });

  it("within both limits, each once, under ids that are distinct in their call", async () => {
    await fc.assert(
      fc.asyncProperty(parcels, async (list) => {
        const { calls, send } = recorder();
        await inBatches(list, sizeOf, send);
        for (const call of calls) {
          const bytes = call.reduce((sum, { entry }) => sum + entry.bytes, 0);
          expect(call.length >= 1 && call.length <= 10).toBe(true);
          expect(bytes <= bytesPerCall || call.length === 1).toBe(true);
          expect(new Set(call.map(({ id }) => id)).size).toBe(call.length);
        }
        expect(calls.flat().map(({ entry }) => entry)).toEqual(list);
      }),
    );
  });
});

describe("what did not get through", () => {
  it("is what SQS does not name as successful, and the whole of a call that failed", async () => {
    await fc.assert(
      fc.asyncProperty(parcels, async (list) => {
        const fateOf = ({ name }: Parcel) => list[name]?.fate ?? "forgotten";
        const { calls, send } = recorder(fateOf);
        const { failed } = await inBatches(list, sizeOf, send);
        const lost = calls.flatMap((call) => {
          const fails = call.some(({ entry }) => fateOf(entry) === "callFails");
          return call.map(({ entry }) => entry).filter((entry) => fails || fateOf(entry) !== "taken");
        });
        expect(new Set(failed)).toEqual(new Set(lost));
      }),
    );
  });

  it("is told with SQS's reasons, one error a call", async () => {
    const fateByName: Fate[] = ["taken", "refused", "refused", "forgotten"];
    const { send } = recorder(({ name }) => fateByName[name] ?? "taken");
    const { errors } = await inBatches(ofBytes(1, 1, 1, 1), sizeOf, send);
    expect(errors).toEqual([new Error("SQS did not take 3 of 4 entries: InternalError: try again")]);
  });

  it("is told also if SQS gives no reason", async () => {
    const { errors } = await inBatches(ofBytes(1), sizeOf, async () => ({}));
    expect(errors).toEqual([new Error("SQS did not take 1 of 1 entries: it gave no reason")]);
  });

  it("is nothing, without a word, if all went well", async () => {
    const { send } = recorder();
    expect(await inBatches(ofBytes(1, 2), sizeOf, send)).toEqual({ failed: new Set(), errors: [] });
  });
});
