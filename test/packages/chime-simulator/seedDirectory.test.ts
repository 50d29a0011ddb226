import { describe, expect, it } from "vitest";
import { findByEmail, findById } from "../../../packages/chime-simulator/directoryState.ts";
import {
  type PopulatedAccount,
  seedDirectory,
  seededPerson,
} from "../../../packages/chime-simulator/seedDirectory.ts";

const team: PopulatedAccount = {
  id: "team",
  type: "Team",
  defaultLicense: "Pro",
  users: 500,
  suspended: 20,
  emailDomain: "team.example",
};
const lwa: PopulatedAccount = { id: "LWA", type: "EnterpriseLWA", users: 30 };

describe("seedDirectory", () => {
  it("makes the same directory of the same seed, and another one of another", () => {
    expect(seedDirectory([team, lwa], 7)).toEqual(seedDirectory([team, lwa], 7));
    expect(seedDirectory([team, lwa], 8)).not.toEqual(seedDirectory([team, lwa], 7));
  });

  it("makes the same people whatever accounts stand beside theirs", () => {
    expect(seedDirectory([lwa], 7).accounts.get("LWA")).toEqual(
      seedDirectory([team, lwa], 7).accounts.get("LWA"),
    );
  });

  it("indexes every user by id and by address in any case", () => {
    const record = seedDirectory([team], 7).accounts.get("team");
    const users = record?.users.filter((user) => user !== undefined) ?? [];
    expect(users).toHaveLength(500);
    const found = users.filter(
      (user) =>
        record !== undefined &&
        findById(record, user.id) === user &&
        findByEmail(record, user.email.toUpperCase()) === user,
    );
    expect(found).toEqual(users);
  });

  it("suspends the last ones, and gives everyone the default license", () => {
    const users = seedDirectory([team], 7).accounts.get("team")?.users ?? [];
    expect(users.map((user) => user?.registration)).toEqual([
      ...Array(480).fill("Registered"),
      ...Array(20).fill("Suspended"),
    ]);
    expect(new Set(users.map((user) => user?.license))).toEqual(new Set(["Pro"]));
  });

  it("tells who is who in advance", () => {
    const users = seedDirectory([team, lwa], 7).accounts.get("LWA")?.users ?? [];
    const people = users.map((_, place) => seededPerson(lwa, place + 1, 7));
    expect(users.map((user) => user && { email: user.email, displayName: user.displayName })).toEqual(people);
    expect(people[0]?.email).toMatch(/^[a-z]+\.[a-z]+\.1@lwa\.example$/);
  });
});
