import { describe, expect, it } from "vitest";
import { noon, startTestChime } from "./testChime.ts";

describe("the log of calls", () => {
  it("tells all about a call", async () => {
    const { chime, client } = await startTestChime();
    await client.batchSuspendUser({ AccountId: "lwa", UserIdList: ["ada", "nobody"] });
    expect(chime.calls.list()).toEqual([
      {
        sequence: 1,
        at: noon,
        operation: "BatchSuspendUser",
        accountId: "lwa",
        users: [{ sent: "ada", id: "ada", email: "Ada@lwa.example" }, { sent: "nobody" }],
        query: { operation: "suspend" },
        body: { UserIdList: ["ada", "nobody"] },
        invocationId: expect.stringMatching(/^[\da-f-]{36}$/),
        attempt: 1,
        maximumAttempts: 1,
        requestId: expect.stringMatching(/^[\da-f-]{36}$/),
        status: 200,
        userErrors: [{ UserId: "nobody", ErrorCode: "NotFound", ErrorMessage: "There is no user nobody." }],
        mailedTo: [],
        tookEffect: true,
        answered: true,
      },
    ]);
  });

  it("sums calls and users up, by operation", async () => {
    const { chime, client } = await startTestChime();
    const invite = { AccountId: "team", UserEmailList: ["a@team.example", "b@team.example"] };
    const update = { UserId: "ada", LicenseType: "Pro" as const };
    await client.inviteUsers(invite);
    await client.inviteUsers(invite);
    await client.batchUpdateUser({ AccountId: "team", UpdateUserRequestItems: [update] });
    await client.getUser({ AccountId: "team", UserId: "ada" });
    await client.listUsers({ AccountId: "team", UserEmail: "a@team.example" });
    expect(chime.calls.summary()).toEqual({
      InviteUsers: { calls: 2, users: 4 },
      BatchUpdateUser: { calls: 1, users: 1 },
      GetUser: { calls: 1, users: 1 },
      ListUsers: { calls: 1, users: 0 },
    });
    expect(chime.calls.carried("InviteUsers")).toEqual([invite.UserEmailList, invite.UserEmailList]);
  });

  it("lists calls in the order of arrival, not of their ends", async () => {
    const latencyMilliseconds = ({ sequence }: { sequence: number }) => (sequence === 1 ? 40 : 0);
    const { chime, client } = await startTestChime({ latencyMilliseconds });
    await Promise.all(Array.from({ length: 4 }, () => client.getAccount({ AccountId: "team" })));
    expect(chime.calls.list().map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
  });

  it("forgets on reset, and goes on counting", async () => {
    const { chime, client } = await startTestChime();
    await client.listAccounts({});
    chime.calls.reset();
    expect([chime.calls.list(), chime.calls.summary(), chime.calls.mails()]).toEqual([[], {}, []]);
    await client.listAccounts({});
    expect(chime.calls.list().map(({ sequence }) => sequence)).toEqual([2]);
  });
});
