import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { usualLimits } from "../../src/policy/suspensionLimits.ts";
import { admit, allowSuspensions, resetLatch } from "../../src/safeguard/safeguard.ts";
import {
  initialState,
  type SafeguardState,
  type SafeguardStore,
} from "../../src/safeguard/safeguardState.ts";

export interface SafeguardWorld {
  store: SafeguardStore;
  close(): Promise<void>;
}

const noon = Date.parse("2026-05-14T12:00:00Z");

/** Everything that a state can hold. */
const full: SafeguardState = {
  admissions: [{ at: noon, people: 4, immediate: 1 }],
  latch: { closedAt: noon, asked: 100, passed: 4, limit: 50 },
  allowance: { people: 7, until: noon + 1, by: "grace", at: noon },
  activeUsers: { count: 1000, countedAt: noon },
  acts: [
    { what: "closed", at: noon, asked: 100, passed: 4, limit: 50 },
    { what: "allowed", at: noon, by: "grace", people: 7, until: noon + 1, note: "a plant closes" },
    { what: "reset", at: noon, by: "grace" },
  ],
};

/** What every store of the safeguard keeps. */
export function safeguardContract(name: string, open: () => Promise<SafeguardWorld>): void {
  describe(`${name} keeps the contract of the safeguard's store:`, () => {
    let world: SafeguardWorld;
    let store: SafeguardStore;
    beforeEach(async () => {
      world = await open();
      store = world.store;
    });
    afterEach(() => world.close());
    const stateOf = (accountId: string) => store.update(accountId, (state) => ({ state, answer: state }));
    const put = (accountId: string, state: SafeguardState) =>
      store.update(accountId, () => ({ state, answer: undefined }));

    it("an account of which nothing is known has the initial state, and is not listed", async () => {
      expect([await stateOf("team"), await store.list()]).toEqual([initialState, []]);
    });

    it("a state is remembered as it was, each account's its own", async () => {
      await put("team", full);
      await put("team#2", initialStateOf("other"));
      expect([await stateOf("team"), await stateOf("team#2"), await stateOf("lwa")]).toEqual([
        full,
        initialStateOf("other"),
        initialState,
      ]);
    });

    it("accounts are listed by their ids", async () => {
      for (const id of ["team", "lwa", "ad"]) await put(id, initialStateOf(id));
      expect(await store.list()).toEqual(
        ["ad", "lwa", "team"].map((accountId) => ({ accountId, state: initialStateOf(accountId) })),
      );
    });

    it("what the change throws is thrown, and nothing is written", async () => {
      await expect(
        store.update("team", () => {
          throw new Error("a defect");
        }),
      ).rejects.toThrow("a defect");
      expect(await store.list()).toEqual([]);
    });

    it("of many who ask at the same time exactly as many pass as the limit says, and the latch closes once", async () => {
      const limits = { ...usualLimits, atLeast: 10, percent: 0, immediate: 0 };
      const safeguard = { store, limitsOf: () => limits, onFault: () => undefined };
      const decisions = await Promise.all(
        Array.from({ length: 8 }, () => admit(safeguard, "team", { immediate: 0, others: 3 }, limits, noon)),
      );
      const passed = decisions.map((decision) =>
        decision.kind === "decided" ? decision.passed.others : decision,
      );
      const { admissions, acts } = await stateOf("team");
      expect([passed.toSorted(), admissions, acts.length]).toEqual([
        [0, 0, 0, 0, 0, 3, 3, 3],
        [{ at: noon, people: 9, immediate: 0 }],
        1,
      ]);
    });

    it("an operator's allowance and reset say who it was, the last twenty of them", async () => {
      await put("team", full);
      await allowSuspensions(
        store,
        "team",
        { people: 3, until: noon + 9, by: "ada", note: "a sale" },
        noon + 1,
      );
      const state = await resetLatch(store, "team", { by: "bob" }, noon + 2);
      expect(state).toEqual({
        admissions: full.admissions,
        activeUsers: full.activeUsers,
        allowance: { people: 3, until: noon + 9, by: "ada", at: noon + 1 },
        acts: [
          ...full.acts,
          { what: "allowed", at: noon + 1, by: "ada", people: 3, until: noon + 9, note: "a sale" },
          { what: "reset", at: noon + 2, by: "bob" },
        ],
      });
      const noted = await resetLatch(store, "team", { by: "bob", note: "mended" }, noon + 3);
      expect([state, noted].map(({ acts }) => acts.at(-1))).toStrictEqual([
        { what: "reset", at: noon + 2, by: "bob" },
        { what: "reset", at: noon + 3, by: "bob", note: "mended" },
      ]);
      for (let turn = 0; turn < 30; turn += 1) await resetLatch(store, "team", { by: `${turn}` }, noon);
      expect((await stateOf("team")).acts.map(({ at: _, ...act }) => act)).toEqual(
        Array.from({ length: 20 }, (_, index) => ({ what: "reset", by: `${index + 10}` })),
      );
    });
  });
}

function initialStateOf(by: string): SafeguardState {
  return { ...initialState, acts: [{ what: "reset", at: noon, by }] };
}
