import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Pause, PauseStore } from "../../src/safeguard/pauses.ts";

export interface PauseWorld {
  store: PauseStore;
  close(): Promise<void>;
}

export const everything: Pause = { since: 1, by: "grace", note: "the feed is wrong" };
const offboardOfTeam: Pause = { ...everything, since: 2, pipeline: "offboard", account: "team#1" };

/** What every store of the pauses keeps. */
export function pauseContract(name: string, open: () => Promise<PauseWorld>): void {
  describe(`${name} keep the contract of the pauses' store:`, () => {
    let world: PauseWorld;
    let store: PauseStore;
    beforeEach(async () => {
      world = await open();
      store = world.store;
    });
    afterEach(() => world.close());
    const byTime = async () => (await store.list()).toSorted((a, b) => a.since - b.since);

    it("nothing is paused at first", async () => {
      expect(await store.list()).toEqual([]);
    });

    it("each pause is remembered with its scope, and who, when and why", async () => {
      await store.add(everything);
      await store.add(offboardOfTeam);
      expect(await byTime()).toEqual([everything, offboardOfTeam]);
    });

    it("the first pause of a scope stays, and is what a second operator gets", async () => {
      expect(await store.add(everything)).toEqual(everything);
      expect(await store.add({ ...everything, since: 9, by: "eve" })).toEqual(everything);
      expect(await store.list()).toEqual([everything]);
    });

    it("a resume ends exactly its scope, and says what it ended", async () => {
      await store.add(everything);
      await store.add(offboardOfTeam);
      expect(await store.remove({ pipeline: "offboard" })).toBeUndefined();
      expect(await store.remove({ pipeline: "offboard", account: "team#1" })).toEqual(offboardOfTeam);
      expect(await store.list()).toEqual([everything]);
      expect(await store.remove({})).toEqual(everything);
      expect([await store.list(), await store.remove({})]).toEqual([[], undefined]);
    });

    it("operators who pause and resume at the same time undo nothing of each other's", async () => {
      const accounts = Array.from({ length: 8 }, (_, index) => `account-${index}`);
      await store.add(everything);
      await Promise.all([
        store.remove({}),
        ...accounts.map((account, index) => store.add({ ...everything, account, since: index })),
      ]);
      expect((await byTime()).map(({ account }) => account)).toEqual(accounts);
    });
  });
}
