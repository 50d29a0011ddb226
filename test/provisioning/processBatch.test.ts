import { describe, expect, it } from "vitest";
import type { DirectoryUser } from "../../src/directory/directory.ts";
import type { QueueRecord } from "../../src/provisioning/decision.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { aBody, aRecord } from "./records.ts";
import { runBatch, timeFor } from "./runBatch.ts";
import { aFailure, aUser } from "./samples.ts";

describe("processBatch", () => {
  describe("a batch", () => {
    it("of leavers suspends them in one call, each outcome in the place of its record", async () => {
      const directory = teamOf(crowd(3));
      const records = [
        leaver(0),
        leaver(1),
        aRecord("EmployeeLeft", { email: "x@nowhere.example" }),
        leaver(2),
      ];
      const { outcomes } = await runBatch(records, { intent: "offboard", directory });
      expect([outcomes.map(({ kind }) => kind), directory.carried("suspend")]).toEqual([
        ["applied", "applied", "excluded", "applied"],
        [["user-0", "user-1", "user-2"]],
      ]);
    });

    it("of joiners invites them, without asking for anybody", async () => {
      const directory = teamOf(crowd(3));
      const records = [1, 2].map((number) =>
        aRecord("EmployeeHired", {
          personId: `p-${number}`,
          id: `e-${number}`,
          email: `New-${number}@Team.example`,
        }),
      );
      await runBatch(records, { intent: "onboard", directory });
      expect([directory.tally(), directory.carried("create")]).toEqual([
        { getAccount: 1, create: 1 },
        [["new-1@team.example", "new-2@team.example"]],
      ]);
    });

    it("of role changes gives each the license of the policy or of the event", async () => {
      const directory = teamOf(crowd(2), ["Basic", "Plus", "Pro"]);
      const change = (number: number, data: object) =>
        aRecord("EmployeeRoleChanged", { ...personOf(number), data: { userId: `user-${number}`, ...data } });
      const records = [change(0, { role: "engineer" }), change(1, { role: "engineer", licenseType: "Plus" })];
      await runBatch(records, { intent: "relicense", directory });
      expect(directory.users("team").map(({ license }) => license)).toEqual(["Pro", "Plus"]);
    });

    it("returns the decision of each record, and the account that it is for", async () => {
      const records = [
        aRecord("EmployeeLeft", { id: "e1" }),
        aBody("no JSON"),
        aRecord("EmployeeLeft", { id: "e3", personId: "p-3", email: "ada@elsewhere.example" }),
      ];
      const { decisions } = await runBatch(records, { intent: "offboard", directory: teamOf([]) });
      expect(decisions.map((decision) => decision && [decision.eventId, decision.accountId])).toEqual([
        ["e1", "team"],
        undefined,
        ["e3", undefined],
      ]);
    });

    it("that is empty makes no call", async () => {
      const directory = teamOf([]);
      expect([await runBatch([], { intent: "offboard", directory }), directory.calls]).toEqual([
        { outcomes: [], calls: [], decisions: [] },
        [],
      ]);
    });

    it("serves 999 good records beside a bad one", async () => {
      const directory = teamOf(crowd(1000));
      const records = Array.from({ length: 1000 }, (_, index) => leaver(index));
      records[500] = aBody("this is not JSON");
      const { outcomes } = await runBatch(records, { intent: "offboard", directory });
      expect([countByKind(outcomes), outcomes[500]?.kind, directory.carried("suspend").length]).toEqual([
        { applied: 999, rejected: 1 },
        "rejected",
        20,
      ]);
    });

    it("whose calls fail as a whole fails those in them, and nobody else", async () => {
      const directory = teamOf(crowd(60));
      directory.faults.call = (request) =>
        "entries" in request && request.entries.length === 10 ? aFailure("throttled") : undefined;
      const records = Array.from({ length: 60 }, (_, index) => leaver(index));
      const { outcomes } = await runBatch(records, { intent: "offboard", directory });
      expect(outcomes.map(({ kind }) => kind)).toEqual([
        ...Array(50).fill("applied"),
        ...Array(10).fill("retry"),
      ]);
    });

    it("starts no call when the time is over, and lets those come again whom it did not reach", async () => {
      const directory = teamOf(crowd(120));
      const records = Array.from({ length: 120 }, (_, index) => leaver(index));
      const run = { intent: "offboard", directory, concurrency: 1, budget: timeFor(3) } as const;
      const { outcomes, calls } = await runBatch(records, run);
      expect([
        outcomes.map(({ kind }) => kind),
        directory.tally(),
        calls.map(({ started }) => started),
      ]).toEqual([
        [...Array(100).fill("applied"), ...Array(20).fill("retry")],
        { getAccount: 1, suspend: 2 },
        [true, true, false],
      ]);
    });

    it("of 6 MB comes to its end, in no more calls than it has to make", async () => {
      const directory = teamOf(crowd(10_000));
      const records = Array.from({ length: 10_000 }, (_, index) => leaver(index, "x".repeat(250)));
      expect(records.reduce((sum, { body }) => sum + body.length, 0)).toBeGreaterThan(6_000_000 * 0.9);
      const before = process.memoryUsage().heapUsed;
      const { outcomes } = await runBatch(records, { intent: "offboard", directory });
      const megabytes = (process.memoryUsage().heapUsed - before) / 1e6;
      expect([countByKind(outcomes), directory.tally()]).toEqual([
        { applied: 10_000 },
        { getAccount: 1, suspend: 200 },
      ]);
      expect(megabytes).toBeLessThan(256);
    });
  });

  describe("the number of calls", () => {
    it.each([1, 49, 50, 51, 100, 1000])(
      "for %i leavers whose ids are known is one for every fifty",
      async (n) => {
        const directory = teamOf(crowd(n));
        const records = Array.from({ length: n }, (_, index) => leaver(index));
        await runBatch(records, { intent: "offboard", directory });
        expect(directory.tally()).toEqual({ getAccount: 1, suspend: Math.ceil(n / 50) });
      },
    );

    it.each([1, 19, 20, 21, 1000])("for %i licenses is one for every twenty", async (n) => {
      const directory = teamOf(crowd(n));
      const records = Array.from({ length: n }, (_, index) =>
        aRecord("LicenseChanged", {
          ...personOf(index),
          data: { userId: `user-${index}`, licenseType: "Pro" },
        }),
      );
      await runBatch(records, { intent: "relicense", directory });
      expect(directory.tally()).toEqual({ getAccount: 1, setLicense: Math.ceil(n / 20) });
    });

    it("for role changes that leave people their license, as the directory was seen to have it, is none", async () => {
      const directory = teamOf(crowd(40).map((user) => ({ ...user, license: "Pro" })));
      const records = Array.from({ length: 40 }, (_, index) =>
        aRecord("EmployeeRoleChanged", { ...personOf(index), data: { role: "Engineer" } }),
      );
      const { outcomes } = await runBatch(records, { intent: "relicense", directory });
      expect([countByKind(outcomes), directory.tally()]).toEqual([
        { unchanged: 40 },
        { getAccount: 1, listUsers: 1 },
      ]);
    });

    it.each([
      [1, 1000],
      [2, 1000],
      [60, 100],
      [120, 1000],
      [1000, 1000],
    ])(
      "for %i leavers known by address only is at most one for every fifty, and one for every page of %i users",
      async (n, size) => {
        const directory = teamOf(crowd(size));
        const records = Array.from({ length: n }, (_, index) =>
          aRecord("EmployeeLeft", personOf(Math.floor((index * size) / n))),
        );
        const { outcomes } = await runBatch(records, { intent: "offboard", directory });
        const { suspend = 0, findUser = 0, listUsers = 0, ...others } = directory.tally();
        expect([countByKind(outcomes), suspend, others]).toEqual([
          { applied: n },
          Math.ceil(n / 50),
          { getAccount: 1 },
        ]);
        expect(findUser + listUsers).toBeLessThanOrEqual(Math.ceil(size / 200));
      },
    );

    it("for a batch that comes again is nothing but the reading of the account", async () => {
      const directory = teamOf(crowd(100));
      const records = Array.from({ length: 100 }, (_, index) => aRecord("EmployeeLeft", personOf(index)));
      await runBatch(records, { intent: "offboard", directory });
      const { suspend } = directory.tally();
      const { outcomes } = await runBatch(records, { intent: "offboard", directory });
      expect([countByKind(outcomes), directory.tally().suspend]).toEqual([{ unchanged: 100 }, suspend]);
    });
  });

  function teamOf(users: readonly DirectoryUser[], licenses = ["Basic", "Pro"]) {
    return fakeDirectory([{ accountId: "team", type: "Team", users, licenses }]);
  }

  function crowd(size: number): DirectoryUser[] {
    return Array.from({ length: size }, (_, index) =>
      aUser({ userId: `user-${index}`, email: `user-${index}@team.example` }),
    );
  }

  function personOf(number: number) {
    return { id: `e-${number}`, personId: `p-${number}`, email: `user-${number}@team.example` };
  }

  /** A leaver whose id HR knows. */
  function leaver(number: number, reason = "resignation"): QueueRecord {
    return aRecord("EmployeeLeft", { ...personOf(number), data: { userId: `user-${number}`, reason } });
  }

  function countByKind(outcomes: readonly { kind: string }[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }
});
