import { describe, expect, it } from "vitest";
import { createPopulation, directoryOf } from "../../../dev/chaos/population.ts";

describe("the people of a run", () => {
  it("are as many as give six decisions each, in two accounts", () => {
    const { accounts, people } = createPopulation(20_000);
    expect(accounts.map(({ id, type, users, suspended }) => ({ id, type, users, suspended }))).toEqual([
      { id: "team-0001", type: "Team", users: 1834, suspended: 229 },
      { id: "lwa-0001", type: "EnterpriseLWA", users: 1167, suspended: 145 },
    ]);
    expect(people.length).toBe(1834 + 1167 + 334);
  });

  it("are in the directory, all but the newcomers, under the ids and addresses that the events name", () => {
    const everybody = createPopulation(60);
    const inDirectory = directoryOf(everybody).flatMap(({ id, people = [] }) =>
      people.map((user) => `${id} ${user.id} ${user.email}`),
    );
    const named = everybody.people.map(({ accountId, userId, email }) => `${accountId} ${userId} ${email}`);
    expect(named.filter((name) => !inDirectory.includes(name))).toEqual([
      "team-0001 undefined newcomer0001@example.com",
      "team-0001 undefined newcomer0002@example.com",
    ]);
  });
});
