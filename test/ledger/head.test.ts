import { describe, expect, it } from "vitest";
import { decideClaim, decideCommit, type HeadState } from "../../src/ledger/head.ts";
import { decideAbandon, decideApproval } from "../../src/ledger/headMarks.ts";
import { claimOf, leaseOf, leaseOver, stand, start } from "./decisions.ts";

const [older, decided, newer] = [1, 2, 3].map((minute) => claimOf({ eventId: `at-${minute}`, minute }));
if (older === undefined || decided === undefined || newer === undefined)
  throw new Error("expected three claims");
const lease = leaseOf("one");
const ended = { owner: "dead", until: start - 1 };
const done = { kind: "done" };

describe("the claim of a worker that died", () => {
  it.each<[string, HeadState, HeadState]>([
    ["leaves nothing where it was the only one", { claimed: decided.version }, {}],
    [
      "opens the one again that it had found",
      { claimed: decided.version, claimedBefore: [older.version] },
      { claimed: older.version },
    ],
    [
      "leaves all others that were found as they are",
      { claimed: newer.version, claimedBefore: [older.version, decided.version], lease: ended },
      { claimed: newer.version, claimedBefore: [older.version], lease: ended },
    ],
    [
      "leaves the one that has found it as it is, and its lease",
      { claimed: newer.version, claimedBefore: [decided.version], lease: ended },
      { claimed: newer.version, lease: ended },
    ],
  ])("%s when it is abandoned", (_, head, next) => {
    expect(decideAbandon(head, decided, lease)).toStrictEqual({ answer: { ...done, wasOpen: true }, next });
  });

  it("is left alone while another invocation still acts", () => {
    const head = { claimed: decided.version, lease: { owner: "another", until: lease.now } };
    expect(decideAbandon(head, decided, lease)).toStrictEqual({
      answer: { kind: "fault", reason: "another invocation still acts on a copy of it" },
    });
  });

  it("is nothing to end where another decision is claimed", () => {
    expect(decideAbandon({ claimed: newer.version }, decided, lease)).toStrictEqual({ answer: done });
  });
});

describe("a claim that is granted", () => {
  const held = { owner: lease.owner, until: lease.until };

  it.each<[string, HeadState, HeadState]>([
    ["has found nothing where none was open", {}, { claimed: decided.version, lease: held }],
    [
      "has found itself where it was interrupted, and is open once",
      { claimed: decided.version, claimedBefore: [older.version], lease: ended },
      { claimed: decided.version, claimedBefore: [older.version], lease: held },
    ],
  ])("%s", (_, head, next) => {
    expect(decideClaim(head, decided, lease).next).toStrictEqual({ email: decided.email, ...next });
  });

  it("leaves nothing of a lease that the one below it never had", () => {
    const head = { claimed: newer.version, claimedBefore: [decided.version] };
    expect(decideAbandon(head, decided, lease).next).toStrictEqual({ claimed: newer.version });
  });
});

describe("the claims of many workers that died one after the other", () => {
  it("stay open, of those that were found the ten newest", () => {
    let head: HeadState = {};
    for (let index = 1; index <= 14; index += 1) {
      const claim = claimOf({ eventId: "e", minute: index });
      head = decideClaim(head, claim, leaseOf(`dead-${index}`, index * leaseOver)).next ?? {};
    }
    const versions = Array.from(
      { length: 11 },
      (_, index) => claimOf({ eventId: "e", minute: index + 4 }).version,
    );
    expect([head.claimedBefore, head.claimed]).toEqual([versions.slice(0, -1), versions.at(-1)]);
  });
});

describe("an approval", () => {
  const by = { by: "grace" };

  it.each<[string, string, object, object | undefined]>([
    [
      "of this very decision that the claim knew is used up",
      decided.version,
      { approvedBy: "grace" },
      undefined,
    ],
    [
      "of this very decision that came after the claim stays",
      decided.version,
      {},
      { version: decided.version },
    ],
    ["of a newer decision stays", newer.version, { approvedBy: "grace" }, { version: newer.version }],
    ["of an older decision goes", older.version, {}, undefined],
  ])("%s when a decision stands", (_, version, known, kept) => {
    const head = {
      claimed: decided.version,
      lease: { owner: lease.owner, until: lease.until },
      approved: { version, ...by },
    };
    const result = { ...stand({ eventId: "at-2", minute: 2 }), ...known };
    const { next } = decideCommit(head, result, lease);
    expect(next?.approved).toStrictEqual(kept && { ...kept, ...by });
  });

  it.each<[string, HeadState, string]>([
    ["a head of which nothing is known", {}, "approved"],
    ["a decision that stood as rejected", settledAs(decided.version, "rejected"), "approved"],
    ["a decision that was carried out", settledAs(decided.version, "applied"), "over"],
    ["a decision below a newer one", settledAs(newer.version, "rejected"), "over"],
    ["a discarded decision", { discarded: [decided.version] }, "changed"],
    [
      "a decision beside another operator's newer approval",
      { approved: { version: newer.version, ...by } },
      "changed",
    ],
    ["a decision that was approved before", { approved: { version: decided.version, ...by } }, "approved"],
  ])("is given or not for %s", (_, head, kind) => {
    const approved = { version: decided.version, ...by };
    expect(decideApproval(head, decided, by)).toStrictEqual({
      answer: { kind },
      ...(kind === "approved" && { next: { ...head, approved } }),
    });
  });

  it("keeps the operator's note", () => {
    const signed = { ...by, note: "checked with HR" };
    expect(decideApproval({}, decided, signed).next).toStrictEqual({
      approved: { version: decided.version, ...signed },
    });
  });
});

function settledAs(version: string, as: "applied" | "rejected"): HeadState {
  return { settled: { version, as, eventId: "e" } };
}
