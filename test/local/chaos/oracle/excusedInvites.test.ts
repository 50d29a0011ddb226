import { describe, expect, it } from "vitest";
import { excusedInvites } from "../../../../src/local/chaos/oracle/excusedInvites.ts";
import type { LoggedCall } from "../../../../src/local/chime/callLog.ts";
import type { Fault } from "../../../../src/local/chime/fault.ts";
import { entry, journal } from "./examples.ts";

const invite: LoggedCall = {
  sequence: 1,
  at: 100,
  operation: "InviteUsers",
  accountId: "team",
  users: [],
  query: {},
  body: undefined,
  requestId: "r1",
  userErrors: [],
  mailedTo: ["a@example.com", "b@example.com"],
  tookEffect: true,
  answered: true,
};
const kill = { functionName: "rollcall-dev-onboard", startedAt: 90, killedAt: 110 };
const nothing = journal({});
const passed = new Map<number, { fault: Fault }>();
const lost = new Map([[1, { fault: { call: { kind: "reset", takesEffect: true } } satisfies Fault }]]);
const count = (...args: Parameters<typeof excusedInvites>) => excusedInvites(...args).length;

describe("a call that may have cost a second mail", () => {
  it("is one whose answer was lost", () => {
    expect([
      count([invite], lost, [], nothing),
      count([{ ...invite, answered: false }], passed, [], nothing),
    ]).toEqual([1, 1]);
  });

  it("is one whose answer made no sense, and none whose answer was a refusal", () => {
    const withFault = (call: Fault["call"] & {}) =>
      count([invite], new Map([[1, { fault: { call } }]]), [], nothing);
    expect([
      withFault({ kind: "body", body: "null" }),
      withFault({ kind: "userErrors", userErrors: [] }),
    ]).toEqual([1, 0]);
  });

  it("is one that was made while a worker lived that was then killed", () => {
    const times = [89, 90, 110, 111].map((at) => count([{ ...invite, at }], passed, [kill], nothing));
    expect(times).toEqual([0, 1, 1, 0]);
  });

  it("is none that was answered", () => {
    expect(count([invite], passed, [], nothing)).toBe(0);
  });

  it("is none of which the journal has every mail", () => {
    const one = journal({ a: entry("applied", 1, "r1") });
    const both = journal({ a: entry("applied", 1, "r1"), b: entry("applied", 1, "r1") });
    expect([one, both].map((entries) => count([invite], passed, [kill], entries))).toEqual([1, 0]);
  });

  it("is none that mailed nobody, and none of another kind", () => {
    const others: LoggedCall[] = [
      { ...invite, mailedTo: [] },
      { ...invite, operation: "BatchSuspendUser" },
    ];
    expect(count(others, lost, [kill], nothing)).toBe(0);
  });
});
