import { describe, expect, it } from "vitest";
import { createPopulation, directoryOf } from "../../../dev/chaos/population.ts";

describe("the people of a run", () => {
  it("are as many as give six decisions each, in three accounts", () => {
    const { atChime, atScim, people } = createPopulation(20_000);
    expect(atScim).toEqual([]);
    expect(atChime.map(({ id, type, users, suspended }) => ({ id, type, users, suspended }))).toEqual([
      { id: "team-0001", type: "Team", users: 1167, suspended: 145 },
      { id: "team-0002", type: "Team", users: 834, suspended: 104 },
      { id: "lwa-0001", type: "EnterpriseLWA", users: 1001, suspended: 125 },
    ]);
    expect(people.length).toBe(1167 + 834 + 1001 + 334);
  });

  it("are in accounts of SCIM targets of four kinds for one half, if that is asked for", () => {
    const { accounts, people } = createPopulation(20_000, { scim: true });
    expect(accounts.map(({ id, users, suspended }) => ({ id, users, suspended }))).toEqual([
      { id: "team-0001", users: 584, suspended: 73 },
      { id: "team-0002", users: 417, suspended: 52 },
      { id: "lwa-0001", users: 501, suspended: 62 },
      { id: "scim-0001", users: 751, suspended: 93 },
      { id: "scim-0002", users: 251, suspended: 31 },
      { id: "scim-0003", users: 251, suspended: 31 },
      { id: "scim-0004", users: 251, suspended: 31 },
    ]);
    const atScim = people.filter(({ accountId }) => accountId.startsWith("scim-"));
    expect([people.length, atScim.length]).toEqual([3341, 1672]);
    expect(new Set(people.map(({ email }) => email)).size).toBe(people.length);
    expect(new Set(people.map(({ personId }) => personId)).size).toBe(people.length);
  });

  it("are in the directory, all but the newcomers, under the ids and addresses that the events name", () => {
    const everybody = createPopulation(60);
    const inDirectory = directoryOf(everybody).flatMap(({ id, people = [] }) =>
      people.map((user) => `${id} ${user.id} ${user.email}`),
    );
    const named = everybody.people.map(({ accountId, userId, email }) => `${accountId} ${userId} ${email}`);
    expect(named.filter((name) => !inDirectory.includes(name))).toEqual([
      "team-0001 undefined newcomer0001@example.com",
      "team-0002 undefined newcomer0002@example.net",
    ]);
  });

  it("share an id by twos, one of each pair in the Team account and one in the other, under two addresses", () => {
    const sharing = createPopulation(480).people.filter(({ sharedId }) => sharedId !== undefined);
    expect(sharing.map(({ sharedId, accountId }) => `${sharedId} ${accountId}`).sort()).toEqual([
      "P-S1 lwa-0001",
      "P-S1 team-0001",
      "P-S2 lwa-0001",
      "P-S2 team-0001",
    ]);
    expect(new Set(sharing.map(({ email }) => email)).size).toBe(4);
  });

  it("have beside them two active users of one address, in two of the accounts", () => {
    const alike = directoryOf(createPopulation(60)).map(({ people = [] }) =>
      people.filter(({ email }) => email.startsWith("mailbox")).map(({ id, email }) => `${id} ${email}`),
    );
    expect(alike).toEqual([
      ["team-0001-one-P-TA1 mailbox1@example.com", "team-0001-other-P-TA1 mailbox1@example.com"],
      [],
      ["lwa-0001-one-P-LA1 mailbox1@example.org", "lwa-0001-other-P-LA1 mailbox1@example.org"],
    ]);
  });

  it("are hidden while suspended in one of the Team accounts only", () => {
    const readings = directoryOf(createPopulation(60)).map(({ id, suspendedUsers }) => [id, suspendedUsers]);
    expect(readings).toEqual([
      ["team-0001", undefined],
      ["team-0002", "absent"],
      ["lwa-0001", undefined],
    ]);
  });
});
