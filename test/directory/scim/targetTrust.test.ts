import { describe, expect, it } from "vitest";
import { DirectoryError, type Failure } from "../../../src/directory/directory.ts";
import { targetTrust } from "../../../src/directory/scim/targetTrust.ts";

const notApplied: Failure = { class: "unknown", code: "NotApplied", message: "access stands" };
const away = new DirectoryError({ class: "transient", code: "Down", message: "down" });

/** Makes so many changes, one after the other or at once. Returns the numbers of those that were read again, and of those not done. */
async function change(
  trust: ReturnType<typeof targetTrust>,
  count: number,
  { atOnce, isSilent = () => false }: { atOnce: boolean; isSilent?: (number: number) => boolean },
) {
  const read: number[] = [];
  const notDone: number[] = [];
  const one = async (number: number) => {
    const failure = await trust.sample("suspend", async () => {
      read.push(number);
      await new Promise((resolve) => setImmediate(resolve));
      if (!isSilent(number)) return undefined;
      trust.loseTrust();
      return notApplied;
    });
    if (failure !== undefined) notDone.push(number);
  };
  const numbers = Array.from({ length: count }, (_, index) => index);
  if (atOnce) await Promise.all(numbers.map(one));
  else for (const number of numbers) await one(number);
  return { read, notDone };
}

describe("the trust in a target that changes users one by one", () => {
  it.each([true, false])(
    "reads the first change again and one of fifty, whether at once: %s",
    async (atOnce) => {
      expect(await change(targetTrust(Math.random), 120, { atOnce })).toEqual({
        read: [0, 50, 100],
        notDone: [],
      });
    },
  );

  it.each([true, false])(
    "believes nobody where the first change was not made, whether at once: %s",
    async (atOnce) => {
      const everybody = Array.from({ length: 20 }, (_, index) => index);
      const { notDone } = await change(targetTrust(Math.random), 20, { atOnce, isSilent: () => true });
      expect(notDone).toEqual(everybody);
    },
  );

  it("reads everybody once a later sample shows that nothing was done", async () => {
    const trust = targetTrust(Math.random);
    const first = await change(trust, 60, { atOnce: false, isSilent: (number) => number >= 45 });
    const second = await change(trust, 3, { atOnce: false });
    expect([first, second]).toEqual([
      { read: [0, ...range(50, 60)], notDone: range(50, 60) },
      { read: [0, 1, 2], notDone: [] },
    ]);
  });

  it("knows nothing of another kind of change", async () => {
    const trust = targetTrust(Math.random);
    await change(trust, 5, { atOnce: false });
    let reads = 0;
    await trust.sample("unsuspend", async () => {
      reads += 1;
      return undefined;
    });
    expect(reads).toBe(1);
  });

  it("reads the next change where the first could not be read, and believes none of those that waited for it", async () => {
    const trust = targetTrust(Math.random);
    let reads = 0;
    const samples = [1, 2, 3].map(() =>
      trust.sample("suspend", async () => {
        reads += 1;
        await new Promise((resolve) => setImmediate(resolve));
        if (reads === 1) throw away;
        return undefined;
      }),
    );
    const ends = (await Promise.allSettled(samples)).map(({ status }) => status);
    expect([ends, reads]).toEqual([["rejected", "fulfilled", "fulfilled"], 2]);
  });
});

describe("the trust in a target's bulk requests", () => {
  it("shrinks by halves, ends at single changes, and does not come back by an announcement", () => {
    const trust = targetTrust(Math.random);
    const sizes = [trust.bulkOperations()];
    trust.allowBulk(100);
    sizes.push(trust.bulkOperations());
    for (const sent of [100, 50, 3, 1]) {
      trust.halveBulk(sent);
      sizes.push(trust.bulkOperations());
    }
    trust.allowBulk(100);
    sizes.push(trust.bulkOperations());
    expect(sizes).toEqual([1, 100, 50, 25, 1, 1, 1]);
  });

  it("ends where the target does not take them, and where its word does not count", () => {
    const ends = (["stopBulk", "loseTrust"] as const).map((end) => {
      const trust = targetTrust(Math.random);
      trust.allowBulk(100);
      trust[end]();
      return trust.bulkOperations();
    });
    expect(ends).toEqual([1, 1]);
  });

  it("chooses each of them now and then", () => {
    const chosen = [0, 0.5, 0.999].map((random) => targetTrust(() => random).choose(10));
    expect(chosen).toEqual([0, 5, 9]);
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
