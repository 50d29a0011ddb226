import { describe, expect, it } from "vitest";
import { findPause, memoryPauseStore, type Pause, watchPauses } from "../../src/safeguard/pauses.ts";
import { everything, pauseContract } from "./pauseContract.ts";

pauseContract("the pauses in memory", async () => ({
  store: memoryPauseStore(),
  close: async () => undefined,
}));

describe("a pause", () => {
  const scope = { pipeline: "offboard", account: "team" } as const;

  it.each<[string, Partial<Pause>, boolean]>([
    ["everything", {}, true],
    ["the pipeline", { pipeline: "offboard" }, true],
    ["the account", { account: "team" }, true],
    ["the pipeline of the account", scope, true],
    ["another pipeline", { pipeline: "onboard" }, false],
    ["another account", { account: "lwa" }, false],
    ["the pipeline of another account", { ...scope, account: "lwa" }, false],
    ["another pipeline of the account", { ...scope, pipeline: "onboard" }, false],
  ])("of %s", (_, given, stops) => {
    expect(findPause([{ ...everything, ...given }], scope) !== undefined).toBe(stops);
  });
});

describe("the watch over the pauses", () => {
  function watched() {
    let now = 0;
    let reads = 0;
    let answer: readonly Pause[] | Error = [];
    const list = async () => {
      reads += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return {
      watch: watchPauses({ list }, () => now),
      reads: () => reads,
      pass: (milliseconds: number) => {
        now += milliseconds;
      },
      set: (next: readonly Pause[] | Error) => {
        answer = next;
      },
    };
  }

  it("reads anew for each batch, and throws what the store throws", async () => {
    const { watch, set, reads } = watched();
    expect(await watch.read()).toEqual([]);
    set([everything]);
    expect([await watch.read(), reads()]).toEqual([[everything], 2]);
    set(new Error("the table is gone"));
    await expect(watch.read()).rejects.toThrow("the table is gone");
  });

  it("knows of a pause within two seconds, and costs one read in each, however many calls ask", async () => {
    const { watch, set, pass, reads } = watched();
    await watch.read();
    set([everything]);
    pass(1_999);
    expect([await watch.recent(), reads()]).toEqual([[], 1]);
    pass(1);
    const asked = await Promise.all([watch.recent(), watch.recent(), watch.recent()]);
    expect([asked, reads()]).toEqual([[[everything], [everything], [everything]], 2]);
  });

  it("goes on with what it read last if the store cannot be read, and asks again two seconds later", async () => {
    const { watch, set, pass, reads } = watched();
    set([everything]);
    await watch.read();
    set(new Error("throttled"));
    pass(2_000);
    expect([await watch.recent(), await watch.recent(), reads()]).toEqual([[everything], [everything], 2]);
    set([]);
    pass(2_000);
    expect([await watch.recent(), reads()]).toEqual([[], 3]);
  });
});
