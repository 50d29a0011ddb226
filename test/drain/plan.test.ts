import { describe, expect, it } from "vitest";
import { chimeAnswers } from "../../src/directory/chime/chimeAnswers.ts";
import { chimeBatchLimits } from "../../src/directory/chime/chimeLimits.ts";
import type { ResolvedPerson } from "../../src/drain/person.ts";
import { plan } from "../../src/drain/plan.ts";
import { anAccount, aPerson, noon } from "./samples.ts";

const limits = { ...chimeBatchLimits, suspend: 2 };

function leaver(name: string, given: { urgent?: boolean; accountId?: string } = {}): ResolvedPerson {
  const { urgent = false, accountId = "team" } = given;
  return aPerson(
    { personId: name, urgent, accountId },
    {
      account: { kind: "found", value: anAccount({ accountId }) },
      user: { kind: "known", userId: name },
    },
  );
}

function targets(people: readonly ResolvedPerson[]): string[][] {
  const { calls } = plan(people, limits, noon);
  return calls.map(({ accountId, entries }) => [accountId, ...entries.map(({ target }) => target)]);
}

describe("plan", () => {
  it("asks for people in the order of their messages", () => {
    expect(targets(["a", "b", "c"].map((name) => leaver(name)))).toEqual([
      ["team", "a", "b"],
      ["team", "c"],
    ]);
  });

  it("puts the urgent into the first calls, together", () => {
    const people = ["a", "b", "c!", "d", "e!"].map((name) => leaver(name, { urgent: name.endsWith("!") }));
    expect(targets(people)).toEqual([
      ["team", "c!", "e!"],
      ["team", "a", "b"],
      ["team", "d"],
    ]);
  });

  it("takes a call for urgent if one of two people is who are one user", () => {
    const people = [
      leaver("a"),
      leaver("a", { urgent: true }),
      leaver("b"),
      leaver("c"),
      leaver("d", { accountId: "lwa", urgent: true }),
    ];
    expect(targets(people)).toEqual([
      ["team", "a", "b"],
      ["lwa", "d"],
      ["team", "c"],
    ]);
  });

  it("makes no urgent one wait for the routine calls of another account", () => {
    const people = [
      leaver("a", { urgent: true }),
      leaver("b"),
      leaver("c"),
      leaver("d", { accountId: "lwa" }),
      leaver("e", { accountId: "lwa", urgent: true }),
    ];
    expect(targets(people)).toEqual([
      ["team", "a", "b"],
      ["lwa", "e", "d"],
      ["team", "c"],
    ]);
  });

  it("settles whoever needs no call, and whoever gave way, without one", () => {
    const managed = anAccount({ answers: chimeAnswers.EnterpriseOIDC, type: "EnterpriseOIDC" });
    const license = (licenseType: string, eventId: string) =>
      aPerson({ intent: "relicense", licenseType, eventId, personId: eventId });
    const people = [
      aPerson({ personId: "managed" }, { account: { kind: "found", value: managed } }),
      license("Basic", "e-1"),
      license("Pro", "e-2"),
    ];
    const { calls, verdicts } = plan(people, limits, noon);
    expect(calls.map(({ entries }) => entries)).toEqual([
      [{ target: "u-1", licenseType: "Pro", groups: [people[2]?.group] }],
    ]);
    expect(verdicts).toEqual([
      { group: people[0]?.group, outcome: expect.objectContaining({ code: "ManagedInDirectory" }) },
      { group: people[1]?.group, outcome: { kind: "superseded", by: "e-2" } },
    ]);
  });

  it("of the same people is the same", () => {
    const people = ["a", "b!", "c"].map((name) => leaver(name, { urgent: name.endsWith("!") }));
    expect(plan(people, limits, noon)).toEqual(plan(people, limits, noon));
  });
});
