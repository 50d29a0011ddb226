import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RosterMemory } from "../../src/reconcile/rosterPorts.ts";

export interface MemoryWorld {
  memory: RosterMemory;
  close: () => Promise<void>;
}

const noon = Date.parse("2026-05-14T12:00:00Z");

/** The contract of every memory of the last roster. */
export function rosterMemoryContract(name: string, start: () => Promise<MemoryWorld>): void {
  describe(name, () => {
    let world: MemoryWorld;
    beforeEach(async () => {
      world = await start();
    });
    afterEach(() => world.close());

    it("recalls nothing before there was a roster", async () => {
      expect(await world.memory.recall()).toBeUndefined();
    });

    it("recalls the last roster, with its ETag and its inputs digest if there were any", async () => {
      await world.memory.remember({ present: 3, asOf: noon });
      const first = await world.memory.recall();
      await world.memory.remember({ present: 4, asOf: noon, etag: '"b"', inputsDigest: "c" });
      expect([first, await world.memory.recall()]).toEqual([
        { present: 3, asOf: noon },
        { present: 4, asOf: noon, etag: '"b"', inputsDigest: "c" },
      ]);
    });

    it("is not set back by a run that was slower, with an older roster", async () => {
      await world.memory.remember({ present: 4, asOf: noon, etag: '"b"' });
      await world.memory.remember({ present: 3, asOf: noon - 1, etag: '"a"' });
      expect(await world.memory.recall()).toEqual({ present: 4, asOf: noon, etag: '"b"' });
    });
  });
}
