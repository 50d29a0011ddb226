import { paginateListUsers } from "@aws-sdk/client-chime";
import { describe, expect, it } from "vitest";
import { startTestChime } from "./testChime.ts";

const AccountId = "big";
const accounts = [{ id: AccountId, type: "Team" as const, users: 450 }];

describe("ListUsers", () => {
  it("hands the SDK's paginator every user once, in order, in the fewest pages", async () => {
    const { chime, client } = await startTestChime({ accounts });
    const pages: string[][] = [];
    for await (const { Users = [] } of paginateListUsers({ client, pageSize: 200 }, { AccountId })) {
      pages.push(Users.map(({ UserId = "" }) => UserId));
    }
    expect(pages.map((page) => page.length)).toEqual([200, 200, 50]);
    expect(pages.flat()).toEqual(chime.directory.users(AccountId).map(({ id }) => id));
    expect(chime.calls.list("ListUsers").map(({ query }) => query["max-results"])).toEqual([
      "200",
      "200",
      "200",
    ]);
  });

  it("sends 100 users a page where the caller names no number", async () => {
    const { client } = await startTestChime({ accounts });
    expect((await client.listUsers({ AccountId })).Users).toHaveLength(100);
  });

  it("gives no token with a last page that is full", async () => {
    const { client } = await startTestChime({ accounts: [{ id: AccountId, type: "Team", users: 200 }] });
    const { Users, NextToken } = await client.listUsers({ AccountId, MaxResults: 200 });
    expect({ count: Users?.length, NextToken }).toEqual({ count: 200, NextToken: undefined });
  });

  it("continues at the right user when others were removed between two pages", async () => {
    const { chime, client } = await startTestChime({ accounts });
    const { Users: first = [], NextToken } = await client.listUsers({ AccountId, MaxResults: 200 });
    for (const { UserId = "" } of first.slice(0, 10)) chime.directory.removeUser(AccountId, UserId);
    const { Users: second = [] } = await client.listUsers({ AccountId, MaxResults: 200, NextToken });
    expect(second.map(({ UserId }) => UserId)).toEqual(
      chime.directory
        .users(AccountId)
        .slice(190, 390)
        .map(({ id }) => id),
    );
  });

  it("refuses the token of another list", async () => {
    const { client } = await startTestChime({
      accounts: [...accounts, { id: "other", type: "Team", users: 450 }],
    });
    const { NextToken } = await client.listUsers({ AccountId });
    const filtered = client.listUsers({ AccountId, UserType: "PrivateUser", NextToken });
    await expect(filtered).rejects.toThrow("NextToken is not a token of this list.");
    const elsewhere = client.listUsers({ AccountId: "other", NextToken });
    await expect(elsewhere).rejects.toThrow("NextToken is not a token of this list.");
  });

  it("finds one user by address, in any case, and nobody by an unknown one", async () => {
    const { client } = await startTestChime();
    const found = await client.listUsers({ AccountId: "team", UserEmail: "ADA@Team.Example" });
    const unknown = await client.listUsers({ AccountId: "team", UserEmail: "nobody@team.example" });
    expect([found.Users?.map(({ UserId }) => UserId), unknown.Users]).toEqual([["ada"], []]);
  });

  it("filters by user type", async () => {
    const { chime, client } = await startTestChime();
    chime.directory.changeUser("team", "grace", { type: "SharedDevice" });
    const { Users } = await client.listUsers({ AccountId: "team", UserType: "SharedDevice" });
    expect(Users?.map(({ UserId }) => UserId)).toEqual(["grace"]);
  });

  it("takes no longer for an address or a page in 100,000 users than in a few", async () => {
    const { chime, client } = await startTestChime({
      accounts: [{ id: AccountId, type: "EnterpriseLWA", users: 100_000 }],
    });
    const { email, id } = chime.directory.users(AccountId).at(-1) ?? { email: "", id: "" };
    const began = performance.now();
    // Scans of the directory would take 50 users x 100 calls x several ms.
    for (let round = 0; round < 100; round += 1) {
      const { Users } = await client.listUsers({ AccountId, UserEmail: email, MaxResults: 200 });
      expect(Users?.[0]?.UserId).toBe(id);
      await client.batchSuspendUser({
        AccountId,
        UserIdList: [id, ...Array.from({ length: 49 }, (_, n) => `x${n}`)],
      });
    }
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe("ResetPersonalPIN", () => {
  it("answers with a new PIN each time, the same ones in every run", async () => {
    const pins = async () => {
      const { chime, client } = await startTestChime();
      const first = chime.directory.user("team", "ada")?.personalPin;
      const second = await client.resetPersonalPIN({ AccountId: "team", UserId: "ada" });
      const third = await client.resetPersonalPIN({ AccountId: "team", UserId: "ada" });
      expect(chime.directory.user("team", "ada")?.personalPin).toBe(third.User?.PersonalPIN);
      return [first, second.User?.PersonalPIN, third.User?.PersonalPIN];
    };
    const run = await pins();
    expect(new Set(run).size).toBe(3);
    expect(await pins()).toEqual(run);
  });
});
