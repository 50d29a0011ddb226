import { describe, expect, it } from "vitest";
import { usualLimits } from "../../src/policy/suspensionLimits.ts";
import {
  type AdmissionRequest,
  decideAdmission,
  returnUnused,
  roomFor,
} from "../../src/safeguard/decideAdmission.ts";
import { initialState, type SafeguardState } from "../../src/safeguard/safeguardState.ts";

const minute = 60_000;
const noon = Date.parse("2026-05-14T12:00:00Z");
const limits = { ...usualLimits, atLeast: 50, percent: 5, windowMinutes: 60, immediate: 5 };

/** An account of which some is remembered, and what it answers to requests made one after the other. */
function account(remembered: Partial<SafeguardState> = {}) {
  let state: SafeguardState = { ...initialState, ...remembered };
  return {
    state: () => state,
    ask: (request: Partial<AdmissionRequest>, now = noon) => {
      const change = decideAdmission(state, { immediate: 0, others: 0, ...request }, limits, now);
      state = change.state;
      const { answer } = change;
      return answer.kind === "uncounted" ? answer.kind : { ...answer.passed, heldBy: answer.heldBy };
    },
  };
}

const all = (others: number, immediate = 0) => ({ immediate, others, heldBy: undefined });
const stopped = (heldBy: string, immediate = 0) => ({ immediate, others: 0, heldBy });
const closed = { latch: { closedAt: noon, asked: 9, passed: 50, limit: 50 } };
const thousand = { activeUsers: { count: 1000, countedAt: noon } };
const tenThousand = { activeUsers: { count: 10_000, countedAt: noon } };

describe("decideAdmission", () => {
  it("lets pass as many as the policy does not mind, and needs no count for that", () => {
    const { ask, state } = account();
    expect([ask({ others: 20 }), ask({ others: 30 }), state().activeUsers]).toEqual([
      all(20),
      all(30),
      undefined,
    ]);
  });

  it("asks for a count of the active users before it goes beyond, and remembers nothing of the question", () => {
    const { ask, state } = account();
    expect([ask({ others: 51 }), state()]).toEqual(["uncounted", initialState]);
  });

  it("lets pass the percentage where that is more, and not one more than that", () => {
    const { ask } = account(tenThousand);
    expect([ask({ others: 450 }), ask({ others: 50 }), ask({ others: 1 })]).toEqual([
      all(450),
      all(50),
      stopped("SuspensionLimit"),
    ]);
  });

  it("lets pass the number where the percentage is less", () => {
    expect(account(thousand).ask({ others: 50, activeUsers: 100 })).toEqual(all(50));
    expect(account().ask({ others: 51, activeUsers: 100 })).toEqual(stopped("SuspensionLimit"));
  });

  it("rounds the percentage down: of 1,190 users, five in a hundred are 59", () => {
    const { ask } = account();
    expect([
      ask({ others: 60, activeUsers: 1190 }),
      account().ask({ others: 59, activeUsers: 1190 }),
    ]).toEqual([stopped("SuspensionLimit"), all(59)]);
  });

  it("counts anew after a day", () => {
    const { ask } = account(tenThousand);
    const day = 24 * 60 * minute;
    expect([ask({ others: 60 }, noon + day - 1), ask({ others: 60 }, noon + day)]).toEqual([
      all(60),
      "uncounted",
    ]);
  });

  it("holds a batch that would cross the limit in full, and everybody who comes then", () => {
    const { ask, state } = account(thousand);
    expect([ask({ others: 30 }), ask({ others: 21 }), ask({ others: 1 })]).toEqual([
      all(30),
      stopped("SuspensionLimit"),
      stopped("SuspensionLatch"),
    ]);
    expect(state()).toMatchObject({
      latch: { closedAt: noon, asked: 21, passed: 30, limit: 50 },
      acts: [{ what: "closed", at: noon, asked: 21, passed: 30, limit: 50 }],
    });
  });

  it("does not open by itself, however much time passes", () => {
    expect(account(closed).ask({ others: 1 }, noon + 365 * 24 * 60 * minute)).toEqual(
      stopped("SuspensionLatch"),
    );
  });

  it("lets others pass when the window has moved on, a minute later at most", () => {
    const later = account(thousand);
    later.ask({ others: 50 }, noon + 1);
    expect(later.ask({ others: 50 }, noon + 61 * minute + 1)).toEqual(all(50));
    const early = account(thousand);
    early.ask({ others: 50 }, noon + 1);
    expect(early.ask({ others: 1 }, noon + 60 * minute)).toEqual(stopped("SuspensionLimit"));
  });

  it("forgets an admission when the window has passed over its slice, and not a millisecond earlier", () => {
    const hour = 60 * minute;
    for (const [later, expected] of [
      [noon + hour, all(50)],
      [noon + hour - 1, stopped("SuspensionLimit")],
    ] as const) {
      const { ask } = account({ activeUsers: { count: 1000, countedAt: noon } });
      ask({ others: 50 });
      expect(ask({ others: 50 }, later)).toEqual(expected);
    }
  });

  it("counts each slice of the window by itself, the oldest first, also where a worker's clock is behind", () => {
    const { ask, state } = account();
    for (const [minutes, others] of [
      [2, 1],
      [1, 2],
      [2, 4],
      [1, 8],
    ] as const)
      ask({ others }, noon + minutes * minute);
    expect(state().admissions).toEqual([
      { at: noon + minute, people: 10, immediate: 0 },
      { at: noon + 2 * minute, people: 5, immediate: 0 },
    ]);
  });

  it("lets those who leave at once pass behind a closed latch, as far as their own number goes", () => {
    const { ask } = account(closed);
    expect([ask({ others: 7, immediate: 3 }), ask({ immediate: 4 }), ask({ immediate: 1 })]).toEqual([
      stopped("SuspensionLatch", 3),
      stopped("SuspensionLatch", 2),
      stopped("SuspensionLatch", 0),
    ]);
  });

  it("holds nobody if only those who leave at once are too many, and their own number is enough for them", () => {
    const { ask, state } = account(thousand);
    ask({ others: 49 });
    expect([ask({ others: 1, immediate: 3 }), state().latch, state().admissions]).toEqual([
      all(1, 3),
      undefined,
      [{ at: noon, people: 50, immediate: 3 }],
    ]);
  });

  it("counts those who leave at once within the limit like everybody", () => {
    const { ask } = account(thousand);
    expect([ask({ immediate: 50 }), ask({ immediate: 5 }), ask({ immediate: 1 })]).toEqual([
      all(0, 50),
      all(0, 5),
      stopped("SuspensionLimit"),
    ]);
  });

  it("spares the number of those who leave at once while the limit has room for all, to the last place", () => {
    const { ask, state } = account(thousand);
    expect([ask({ others: 45, immediate: 5 }), state().admissions]).toEqual([
      all(45, 5),
      [{ at: noon, people: 50, immediate: 0 }],
    ]);
    expect(ask({ others: 1, immediate: 5 })).toEqual(stopped("SuspensionLimit", 5));
  });

  describe("with an allowance", () => {
    const allowance = { people: 100, until: noon + minute, by: "grace", at: noon - minute };

    it("takes from it first, behind a closed latch too, and does not count those who pass by it", () => {
      const { ask, state } = account({ ...closed, allowance });
      expect([ask({ others: 70, immediate: 10 }), ask({ others: 21 }), state()]).toMatchObject([
        all(70, 10),
        { others: 20, heldBy: "SuspensionLatch" },
        { allowance: { people: 0 }, admissions: [] },
      ]);
    });

    it("lets pass within the limit those whom it does not cover", () => {
      const { ask, state } = account({ ...thousand, allowance });
      expect([ask({ others: 150 }), state().admissions]).toEqual([
        all(150),
        [{ at: noon, people: 50, immediate: 0 }],
      ]);
    });

    it("forgets it when its time is over", () => {
      expect(account({ ...closed, allowance }).ask({ others: 1 }, allowance.until)).toEqual(
        stopped("SuspensionLatch"),
      );
    });
  });

  it("remembers nothing anew while everything is held, so that nothing is written", () => {
    const usedUp = { people: 0, until: noon + minute, by: "grace", at: noon - minute };
    for (const remembered of [closed, { ...closed, allowance: usedUp }]) {
      const { ask, state } = account(remembered);
      const before = state();
      ask({ others: 1000 });
      expect(state()).toBe(before);
    }
  });

  it("keeps so little that an item of DynamoDB does not grow", () => {
    const { ask, state } = account(tenThousand);
    for (let second = 0; second < 3 * 3600; second += 5) ask({ others: 1 }, noon + second * 1000);
    expect(state().admissions.length).toBeLessThanOrEqual(61);
  });
});

describe("roomFor", () => {
  const two = { passed: { immediate: 2, others: 0 }, counted: { people: 0, immediate: 2 } };

  it.each([
    [
      "everybody within the limit",
      { immediate: 1, others: 49 },
      {},
      { kind: "room", passed: { immediate: 1, others: 49 }, counted: { people: 50, immediate: 0 } },
    ],
    [
      "those alone who leave at once beyond it, and closes the latch",
      { immediate: 2, others: 60 },
      thousand,
      { kind: "room", ...two, latch: { closedAt: noon, asked: 62, passed: 0, limit: 50 } },
    ],
    [
      "those alone who leave at once behind a closed latch",
      { immediate: 2, others: 1 },
      closed,
      { kind: "room", ...two },
    ],
  ] as const)("has room for %s", (_, leavers, remembered, room) => {
    expect(roomFor(leavers, { ...initialState, ...remembered }, limits, noon)).toEqual(room);
  });
});

describe("returnUnused", () => {
  it("makes room again for those who were not suspended, and for no more", () => {
    const change = decideAdmission(
      { ...initialState, ...thousand },
      { immediate: 0, others: 50 },
      limits,
      noon,
    );
    if (change.answer.kind !== "decided") throw new Error("expected a decision");
    const state = returnUnused(change.state, change.answer.receipt, 20);
    const again = account(state);
    expect([again.ask({ others: 20 }), again.ask({ others: 1 })]).toEqual([
      all(20),
      stopped("SuspensionLimit"),
    ]);
  });

  it.each([
    { unused: 0, people: 2, immediate: 3, allowed: 0 },
    { unused: 1, people: 1, immediate: 3, allowed: 0 },
    { unused: 2, people: 0, immediate: 3, allowed: 0 },
    { unused: 4, people: 0, immediate: 1, allowed: 0 },
    { unused: 5, people: 0, immediate: 0, allowed: 0 },
    { unused: 6, people: 0, immediate: 0, allowed: 1 },
    { unused: 9, people: 0, immediate: 0, allowed: 4 },
    { unused: 99, people: 0, immediate: 0, allowed: 4 },
  ])(
    "takes $unused unused off the limit first, then off those who leave at once, and then gives back the allowance",
    ({ unused, people, immediate, allowed }) => {
      const allowance = { people: 0, until: noon + minute, by: "grace", at: 1 };
      const other = { at: noon - minute, people: 7, immediate: 1 };
      const before = {
        ...initialState,
        allowance,
        admissions: [other, { at: noon, people: 2, immediate: 3 }],
      };
      const receipt = { at: noon, people: 2, immediate: 3, allowed: { people: 4, at: 1 } };
      expect(returnUnused(before, receipt, unused)).toEqual({
        ...before,
        allowance: { ...allowance, people: allowed },
        admissions: [other, { at: noon, people, immediate }],
      });
    },
  );

  it("gives nothing to an allowance that those who passed were not taken from", () => {
    const allowance = { people: 3, until: noon + minute, by: "grace", at: noon };
    const before = { ...initialState, allowance, admissions: [{ at: noon, people: 2, immediate: 0 }] };
    expect(returnUnused(before, { at: noon, people: 2, immediate: 0 }, 2)).toEqual({
      ...before,
      admissions: [{ at: noon, people: 0, immediate: 0 }],
    });
  });

  it("gives an allowance back to itself, and not to the one that came in its place", () => {
    const allowance = { people: 10, until: noon + minute, by: "grace", at: 1 };
    const change = decideAdmission(
      { ...initialState, allowance },
      { immediate: 0, others: 10 },
      limits,
      noon,
    );
    if (change.answer.kind !== "decided") throw new Error("expected a decision");
    const { receipt } = change.answer;
    const newer = { ...change.state, allowance: { ...allowance, people: 3, at: 2 } };
    expect([
      returnUnused(change.state, receipt, 4).allowance?.people,
      returnUnused(newer, receipt, 4).allowance?.people,
    ]).toEqual([4, 3]);
  });
});
