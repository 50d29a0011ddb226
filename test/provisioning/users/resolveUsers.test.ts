import { describe, expect, it } from "vitest";
import { accountCache, scanMemory } from "../../../src/directory/directoryCache.ts";
import { memoryStore } from "../../../src/ledger/memory/memoryLedger.ts";
import { memoryIdentityCache } from "../../../src/ledger/memory/memoryPorts.ts";
import type { PersonDecisions, ResolvedPerson, ScopedDecision } from "../../../src/provisioning/decision.ts";
import {
  type ChooseQuestion,
  type ResolveContext,
  resolveUsers,
} from "../../../src/provisioning/users/resolveUsers.ts";
import type { FakeAccount } from "../../directory/fakeAccounts.ts";
import { fakeDirectory } from "../../directory/fakeDirectory.ts";
import { aFailure, aGroup, aUser } from "../samples.ts";

describe("resolveUsers", () => {
  const ada = aUser();
  const grace = aUser({ userId: "u-2", email: "grace@example.com" });

  function setUp(
    accounts: readonly FakeAccount[] = [{ accountId: "team", type: "Team", users: [ada, grace] }],
  ) {
    const directory = fakeDirectory(accounts);
    const context: ResolveContext = {
      directory,
      accounts: accountCache(() => 0),
      identities: memoryIdentityCache(memoryStore()),
      scans: scanMemory(() => 0),
      budget: () => ({ milliseconds: 1000 }),
      concurrency: 4,
    };
    return { directory, context };
  }

  const askForId: ChooseQuestion = () => "id";

  /** Each person's user, as far as it is known. */
  function users(people: readonly ResolvedPerson[]) {
    return people.map(({ group, user }) => {
      const id = user.kind === "found" ? user.user.userId : user.kind === "known" ? user.userId : undefined;
      return [group.newest.personId, user.kind, ...(id === undefined ? [] : [id])];
    });
  }

  function member(
    personId: string,
    email: string,
    given: Partial<ScopedDecision> = {},
  ): PersonDecisions<ScopedDecision> {
    return aGroup({ personId, email, ...given });
  }

  it("asks for what is to be asked, and takes the event's id otherwise", async () => {
    const { directory, context } = setUp();
    const groups = [
      member("asked", ada.email),
      member("named", "x@example.com", { userId: "u-9" }),
      member("neither", "y@example.com"),
    ];
    const ask: ChooseQuestion = ({ newest }) => (newest.personId === "asked" ? "id" : "nothing");
    const people = await resolveUsers(groups, ask, context);
    expect([users(people), directory.tally()]).toEqual([
      [
        ["asked", "found", "u-1"],
        ["named", "known", "u-9"],
        ["neither", "notAsked"],
      ],
      { getAccount: 1, findUser: 1 },
    ]);
  });

  it("asks only once for whom it has found, unless the state is wanted too", async () => {
    const { directory, context } = setUp();
    const groups = [member("p-1", ada.email)];
    const seen = [];
    for (const ask of [askForId, askForId, (): "state" => "state"]) {
      seen.push(...users(await resolveUsers(groups, ask, context)));
    }
    expect([seen, directory.tally()]).toEqual([
      [
        ["p-1", "found", "u-1"],
        ["p-1", "known", "u-1"],
        ["p-1", "found", "u-1"],
      ],
      { getAccount: 1, findUser: 2 },
    ]);
  });

  it("remembers nobody as absent: a person without a user is looked up again", async () => {
    const { directory, context } = setUp();
    const groups = [member("p-9", "nobody@example.com")];
    const seen = [
      await resolveUsers(groups, askForId, context),
      await resolveUsers(groups, askForId, context),
    ].flatMap(users);
    expect([seen, directory.tally()]).toEqual([
      [
        ["p-9", "absent"],
        ["p-9", "absent"],
      ],
      { getAccount: 1, findUser: 2 },
    ]);
  });

  it.each<[string, Partial<FakeAccount>]>([
    ["that is suspended", { active: false }],
    ["that takes its users from elsewhere", { type: "EnterpriseOIDC" }],
  ])("asks nothing about the people of an account %s", async (_, account) => {
    const { directory, context } = setUp([{ accountId: "team", type: "Team", users: [ada], ...account }]);
    const people = await resolveUsers([member("p-1", ada.email)], askForId, context);
    expect([users(people), directory.tally()]).toEqual([[["p-1", "notAsked"]], { getAccount: 1 }]);
  });

  it("reads each account for itself: one that fails takes no other with it", async () => {
    const { directory, context } = setUp([
      { accountId: "team", type: "Team", users: [ada] },
      { accountId: "lwa", type: "EnterpriseLWA", users: [grace] },
    ]);
    directory.faults.call = ({ accountId }) => (accountId === "team" ? aFailure("transient") : undefined);
    const groups = [member("p-1", ada.email), member("p-2", grace.email, { accountId: "lwa" })];
    const people = await resolveUsers(groups, askForId, context);
    expect(people.map(({ account, user }) => [account.kind, user.kind])).toEqual([
      ["failed", "notAsked"],
      ["found", "found"],
    ]);
  });

  it("has no more calls under way than it may, however many the accounts are", async () => {
    const ids = ["a", "b", "c"];
    const { directory, context } = setUp(
      ids.map((accountId) => ({ accountId, type: "Team", users: [ada, grace] })),
    );
    const pagesOfAccount = new Map(ids.map((id) => [id, 9]));
    const groups = ids.flatMap((accountId) =>
      [ada, grace].map(({ email }) => member(`${accountId} ${email}`, email, { accountId })),
    );
    const people = await resolveUsers(groups, askForId, {
      ...context,
      scans: { ...context.scans, pagesOfAccount },
    });
    expect([people.map(({ user }) => user.kind), directory.tally(), directory.mostUnderWay()]).toEqual([
      Array(6).fill("found"),
      { getAccount: 3, findUser: 6 },
      3,
    ]);
  });

  it("resolves nobody", async () => {
    const { directory, context } = setUp();
    expect([await resolveUsers([], askForId, context), directory.tally()]).toEqual([[], {}]);
  });
});
