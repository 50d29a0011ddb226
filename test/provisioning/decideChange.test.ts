import { describe, expect, it } from "vitest";
import { chimeCapabilities } from "../../src/directory/chime/chimeCapabilities.ts";
import type { UserStatus } from "../../src/directory/directory.ts";
import type { Intent } from "../../src/pipelines.ts";
import { decideChange, waitForUser } from "../../src/provisioning/decideChange.ts";
import type { ResolvedPerson, ScopedDecision, UserResolution } from "../../src/provisioning/decision.ts";
import { aFailure, anAccount, aPerson, aUser, noon } from "./samples.ts";

describe("decideChange", () => {
  /** What is asked for, or the outcome without asking, in a few words. */
  function inShort(person: ResolvedPerson): string {
    const decided = decideChange(person, noon);
    if (!("kind" in decided)) return `${decided.operation} ${decided.target}`;
    switch (decided.kind) {
      case "retry":
      case "rejected":
        return `${decided.kind} ${decided.code}`;
      case "unchanged":
      case "deferred":
        return `${decided.kind} ${decided.because}`;
      default:
        return decided.kind;
    }
  }

  function found(status: UserStatus): UserResolution {
    return { kind: "found", user: aUser({ status }) };
  }

  function of(
    type: keyof typeof chimeCapabilities,
    newest: Partial<ScopedDecision>,
    user: UserResolution = { kind: "known", userId: "u-1" },
  ): ResolvedPerson {
    const account = anAccount({ type, capabilities: chimeCapabilities[type] });
    return aPerson(newest, { account: { kind: "found", value: account }, user });
  }

  describe("a license that goes down some days after a leave", () => {
    it.each<[string, UserResolution, string]>([
      ["is lowered for who is suspended still", found("suspended"), "updateLicense u-1"],
      ["is left to who is there again, by whatever way", found("registered"), "unchanged alreadySo"],
      ["is left to who is invited again", found("invited"), "unchanged alreadySo"],
      ["is no more where the user is gone", { kind: "absent" }, "unchanged alreadySo"],
    ])("%s", (_, user, expected) => {
      const follows = { type: "EmployeeLeft", id: "left" } as const;
      expect(inShort(of("EnterpriseLWA", { intent: "relicense", licenseType: "Pro", follows }, user))).toBe(
        expected,
      );
    });
  });

  describe("what is asked of the directory for a person", () => {
    it.each<[keyof typeof chimeCapabilities, Intent, UserResolution, string]>([
      ["Team", "onboard", { kind: "notAsked" }, "invite ada@example.com"],
      ["Team", "onboard", { kind: "absent" }, "invite ada@example.com"],
      ["Team", "onboard", { kind: "known", userId: "u-1" }, "invite ada@example.com"],
      ["Team", "onboard", found("suspended"), "invite ada@example.com"],
      ["Team", "onboard", found("unregistered"), "invite ada@example.com"],
      ["Team", "onboard", found("invited"), "unchanged alreadySo"],
      ["Team", "reinstate", found("registered"), "unchanged alreadySo"],
      ["Team", "offboard", { kind: "known", userId: "u-9" }, "suspend u-9"],
      ["Team", "offboard", found("registered"), "suspend u-1"],
      ["Team", "offboard", found("invited"), "suspend u-1"],
      ["Team", "offboard", found("suspended"), "unchanged alreadySo"],
      ["Team", "offboard", { kind: "absent" }, "rejected UserNotFound"],
      ["EnterpriseLWA", "reinstate", found("suspended"), "unsuspend u-1"],
      ["EnterpriseLWA", "reinstate", found("unregistered"), "unchanged alreadySo"],
      ["EnterpriseLWA", "onboard", found("registered"), "unchanged alreadySo"],
      ["EnterpriseLWA", "onboard", { kind: "absent" }, "deferred notRegistered"],
      ["EnterpriseDirectory", "offboard", { kind: "notAsked" }, "rejected ManagedInDirectory"],
      ["EnterpriseOIDC", "onboard", { kind: "notAsked" }, "rejected ManagedInDirectory"],
    ])("on a %s account to %s, whose user is %j: %s", (type, intent, user, expected) => {
      expect(inShort(of(type, { intent }, user))).toBe(expected);
    });

    it.each<[string, UserResolution, string]>([
      ["Pro", { kind: "known", userId: "u-1" }, "updateLicense u-1"],
      ["Pro", found("suspended"), "updateLicense u-1"],
      ["Basic", found("registered"), "unchanged alreadySo"],
      ["Plus", found("registered"), "rejected LicenseNotSupported"],
      ["Pro", { kind: "absent" }, "deferred notRegistered"],
    ])("for the license %s, whose user is %j: %s", (licenseType, user, expected) => {
      expect(inShort(of("Team", { intent: "relicense", licenseType }, user))).toBe(expected);
    });

    it("carries the license with the change, and with no other change", () => {
      const decided = [
        of("Team", { intent: "relicense", licenseType: "Pro" }),
        of("Team", { intent: "onboard", licenseType: "Pro" }),
      ].map((person) => ("group" in person ? decideChange(person, noon) : undefined));
      expect(decided).toMatchObject([
        { operation: "updateLicense", accountId: "team", target: "u-1", licenseType: "Pro" },
        { operation: "invite", accountId: "team", target: "ada@example.com" },
      ]);
      expect(decided.map((change) => change !== undefined && "licenseType" in change)).toEqual([true, false]);
    });

    it("is nothing as long as the service keeps the account suspended: the person comes again, minutes later", () => {
      const account = { kind: "found", value: anAccount({ active: false }) } as const;
      expect(decideChange(aPerson({}, { account }), noon)).toEqual({
        kind: "retry",
        code: "AccountSuspended",
        reason: "account team is suspended by the service; have it reactivated there",
        atLeastSeconds: 300,
      });
    });

    it.each<[string, ResolvedPerson, string]>([
      [
        "who is managed elsewhere, by which account",
        of("EnterpriseOIDC", {}),
        "EnterpriseOIDC account team: the account takes its users from a company directory or identity provider; change the person there instead",
      ],
      [
        "whose license the account does not have, which ones it has",
        of("Team", { intent: "relicense", licenseType: "Plus" }),
        'account team has no license "Plus"; it supports Basic, Pro',
      ],
      [
        "whose license nobody names, which ones there are",
        of("Team", { intent: "relicense" }),
        'account team has no license ""; it supports Basic, Pro',
      ],
      [
        "whose license is an address, not that address",
        of("Team", { intent: "relicense", licenseType: "ada@example.com" }),
        'account team has no license "a***@example.com"; it supports Basic, Pro',
      ],
      [
        "whom the account does not know, what to do",
        of("Team", {}, { kind: "absent" }),
        "account team has no user with this address; check the address in HR, or suspend by hand",
      ],
    ])("is the reason in the dead letter of one %s", (_, person, reason) => {
      expect(decideChange(person, noon)).toMatchObject({ kind: "rejected", reason });
    });

    it.each(["EmployeeHired", "EmployeeReturned"] as const)(
      "waits for the user whose license follows from an %s",
      (type) => {
        const follows = { type, id: "hired" };
        const newest = { intent: "relicense", licenseType: "Pro", follows } as const;
        expect([
          inShort(of("Team", newest, { kind: "absent" })),
          inShort(of("Team", newest, found("registered"))),
        ]).toEqual(["deferred notRegistered", "updateLicense u-1"]);
      },
    );

    it("waits five minutes at first for whoever has not been waited for", () => {
      expect(decideChange(of("EnterpriseLWA", { intent: "onboard" }, { kind: "absent" }), noon)).toEqual({
        kind: "deferred",
        because: "notRegistered",
        until: noon + 300_000,
      });
    });

    it("is nothing if the account or the user could not be read", () => {
      const failed = { kind: "failed", failure: aFailure("transient") } as const;
      expect([inShort(aPerson({}, { account: failed })), inShort(aPerson({}, { user: failed }))]).toEqual([
        "retry Code",
        "retry Code",
      ]);
    });

    it("is given up after six receives, if what could not be read has no cause that is known", () => {
      const failed = { kind: "failed", failure: aFailure("unknown") } as const;
      const kinds = [5, 6].map((receiveCount) => inShort(aPerson({ receiveCount }, { user: failed })));
      expect(kinds).toEqual(["retry Code", "rejected Code"]);
    });

    it("waits longer for whoever has been waited for before", () => {
      const person = of(
        "EnterpriseLWA",
        { intent: "onboard", waitingSince: noon - 3_600_000 },
        { kind: "absent" },
      );
      expect(decideChange(person, noon)).toEqual({
        kind: "deferred",
        because: "notRegistered",
        until: noon + 3_600_000,
      });
    });
  });
});

describe("waitForUser", () => {
  const minute = 60_000;
  const day = 86_400_000;

  it.each([
    ["five minutes at first", 0, 5 * minute],
    ["five minutes, if a clock is ahead", -minute, 5 * minute],
    ["as long again as so far", 42 * minute, 42 * minute],
    ["no longer than a day", 3 * day, day],
    ["to the end of the 30 days", 30 * day - 1, day],
  ])("%s", (_, waited, wait) => {
    expect(waitForUser(noon - waited, noon)).toEqual({
      kind: "deferred",
      because: "notRegistered",
      until: noon + wait,
    });
  });

  it("ever more seldom, about forty times in all", () => {
    const waits: number[] = [];
    let now = noon;
    while (waits.length < 100) {
      const outcome = waitForUser(noon, now);
      if (outcome.kind !== "deferred") break;
      waits.push(outcome.until - now);
      now = outcome.until;
    }
    expect({
      grow: waits.every((wait, index) => wait >= (waits[index - 1] ?? 0)),
      tries: waits.length,
      days: Math.floor((now - noon) / day),
    }).toEqual({ grow: true, tries: 39, days: 30 });
  });

  it("for 30 days, and then no more", () => {
    const outcome = waitForUser(noon - 30 * day, noon);
    expect(outcome).toMatchObject({
      code: "NeverRegistered",
      reason: expect.stringMatching(/for 30 days; check the address in HR, or send the event again$/),
    });
  });
});
