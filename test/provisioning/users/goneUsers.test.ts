import { describe, expect, it } from "vitest";
import type { Grant } from "../../../src/provisioning/claimDecisions.ts";
import type { UserResolution } from "../../../src/provisioning/decision.ts";
import { acceptGoneUsers, type Round } from "../../../src/provisioning/users/goneUsers.ts";
import { aFailure, aGroup, anAccount, aUser } from "../samples.ts";

const granted: Grant = { kind: "granted", interrupted: false, pending: [] };
const absent: UserResolution = { kind: "absent" };
const fromEvent: UserResolution = { kind: "known", userId: "u-1" };
const fromMemory: UserResolution = { ...fromEvent, from: "memory" };
const fromScan: UserResolution = { ...fromEvent, from: "scan" };

describe("a leaver whom the account does not know", () => {
  it.each<[string, boolean, UserResolution, Partial<Grant>, boolean]>([
    ["this invocation has just found", false, { kind: "found", user: aUser() }, { leftBefore: true }, true],
    ["a scan of a moment ago showed", true, fromScan, {}, false],
    ["left before", true, absent, { leftBefore: true }, false],
    ["the safeguard counts from an earlier try", true, fromMemory, { counted: true }, false],
    ["an interrupted try knew by a remembered id", true, fromMemory, { interrupted: true }, false],
    ["an interrupted try knew by the event's id", true, fromEvent, { interrupted: true }, false],
    ["is remembered, and whose suspension the client made twice", true, fromMemory, {}, true],
    ["is only remembered", false, fromMemory, {}, false],
    ["only the event knows, though the client made the call twice", false, fromEvent, {}, true],
    ["nobody has found, though a try was interrupted", false, absent, { interrupted: true }, false],
  ])("and whom %s: is it gone? %s", (_, isGone, user, grant, repeated) => {
    const group = aGroup();
    const call = {
      operation: "suspend",
      accountId: "team",
      entries: [{ target: "u-1", groups: [group] }],
    } as const;
    const failure = aFailure("noSuchUser");
    const made = {
      call,
      started: true,
      requestId: undefined,
      results: new Map([["u-1", { kind: "failed", failure } as const]]),
    };
    const round: Round = {
      ...roundOf(group, user),
      calls: user.kind === "absent" ? [] : [{ ...made, ...(repeated && { repeated }) }],
    };
    const { results, gone } = acceptGoneUsers(
      round.results,
      [round],
      new Map([[group, { ...granted, ...grant }]]),
    );
    expect([results.map(({ outcome }) => outcome.kind), gone.length]).toEqual(
      isGone ? [["unchanged"], 1] : [["rejected"], 0],
    );
  });

  it("and whom the account showed a moment before: is gone if it does not show them again", () => {
    const group = aGroup();
    const rounds = [roundOf(group, { kind: "found", user: aUser() }), roundOf(group, absent)];
    const { gone } = acceptGoneUsers(roundOf(group, absent).results, rounds, new Map([[group, granted]]));
    expect(gone).toEqual([group]);
  });
});

function roundOf(group: ReturnType<typeof aGroup>, user: UserResolution): Round {
  return {
    people: [{ group, account: { kind: "found", value: anAccount() }, user }],
    results: [{ group, outcome: { kind: "rejected", code: "NotFound", reason: "unknown" } }],
    calls: [],
    admitted: [],
    thrown: [],
  };
}
