import { describe, expect, it } from "vitest";
import {
  type CallEntry,
  DirectoryError,
  type DirectoryUser,
  type Failure,
  type TargetResult,
} from "../../../src/directory/directory.ts";
import type { OperatorAct } from "../../../src/ledger/operatorDecisions.ts";
import { closeAccount } from "../../../src/operations/directory/closeAccount.ts";
import { toState } from "../../directory/fakeAccounts.ts";

interface World {
  users: DirectoryUser[];
  /** What a user's n-th try ends with, from 1; `undefined` lets it pass. */
  refuse?: (userId: string, tries: number) => Failure["class"] | undefined;
  /** Ids that make the whole call invalid. */
  poison?: readonly string[];
  isConfirmed?: boolean;
  /** What the journal does not take. */
  unrecorded?: string;
}

const someone = (userId: string, type: DirectoryUser["type"] = "person"): DirectoryUser => ({
  userId,
  email: `${userId}@team.example`,
  state: "active",
  license: "Pro",
  type,
});
const failureOf = (kind: Failure["class"]): Failure => ({ class: kind, code: kind, message: "no" });

/** Closes the account `team` of that world, and tells everything that was done, in order. */
async function close({
  users,
  refuse = () => undefined,
  poison = [],
  isConfirmed = true,
  unrecorded,
}: World) {
  const done: string[] = [];
  const tries = new Map<string, number>();
  const states = new Map(users.map((user) => [user.userId, user]));
  const suspendOne = ({ target }: CallEntry): [string, TargetResult] => {
    const count = (tries.get(target) ?? 0) + 1;
    tries.set(target, count);
    const kind = refuse(target, count);
    const user = states.get(target);
    if (kind !== undefined) return [target, { kind: "failed", failure: failureOf(kind) }];
    if (user !== undefined) states.set(target, { ...user, state: "suspended" });
    return [target, { kind: "done" }];
  };
  const closed = await closeAccount(
    { accountId: "team", deletion: "Delete", by: "eve", because: "a drill" },
    {
      directory: {
        getAccount: async () => toState({ accountId: "team", type: "Team" }).account,
        listUsers: async () => ({ users: [...states.values()], nextPageToken: undefined }),
        async perform({ entries }) {
          const ids = entries.map(({ target }) => target);
          done.push(`suspend ${ids.join(",")}`);
          if (ids.some((id) => poison.includes(id))) throw new DirectoryError(failureOf("invalidCall"));
          return { requestId: "r", results: new Map(entries.map(suspendOne)) };
        },
      },
      administration: {
        describeAccount: async () => ({
          accountId: "team",
          name: "The team",
          type: "Team",
          active: true,
          actions: [],
          facts: {},
        }),
      },
      service: {
        async call(operation) {
          done.push(operation);
          return { requestId: "r", body: {} };
        },
      },
      acts: {
        record: async ({ operation, result }: OperatorAct) => {
          if (unrecorded === `${operation} ${result}`) throw new Error("the table is gone");
          done.push(`record ${operation} ${result}`);
        },
      },
      confirmName: async () => isConfirmed,
      sleep: async (milliseconds) => {
        done.push(`sleep ${milliseconds}`);
      },
      random: () => 0.5,
      now: () => 0,
      newId: () => "id",
      onProgress: () => {},
      signal: new AbortController().signal,
      explainFailure: String,
    },
  );
  const report = closed.kind === "closed" ? closed.report : undefined;
  return {
    kind: closed.kind,
    done,
    calls: done.filter((each) => !each.startsWith("record")),
    suspended: report?.suspended,
    remaining: report?.remaining.map(({ userId, code }) => [userId, code]),
    deleted: report?.deleted,
    journalFault: report?.journalFault,
  };
}

describe("closing an account", () => {
  it("puts every call on record before it is made, and deletes last", async () => {
    expect((await close({ users: [someone("a"), someone("room", "device")] })).done).toEqual([
      "record suspend begun",
      "suspend a,room",
      "record suspend done",
      "record Delete begun",
      "Delete",
      "record Delete done",
    ]);
  });

  it("says that the account is deleted although the journal does not take it", async () => {
    expect(await close({ users: [someone("a")], unrecorded: "Delete done" })).toMatchObject({
      calls: ["suspend a", "Delete"],
      deleted: true,
      journalFault: "Error: the table is gone",
    });
  });

  it("does nothing where the name was not typed", async () => {
    expect(await close({ users: [someone("a")], isConfirmed: false })).toMatchObject({
      kind: "declined",
      done: [],
    });
  });

  it("waits longer and longer for whoever may pass later, and does not try anew who never will", async () => {
    const refuse = (id: string, tries: number) =>
      id === "late" && tries < 4 ? "throttled" : id === "never" ? "permanent" : undefined;
    expect(await close({ users: [someone("a"), someone("late"), someone("never")], refuse })).toMatchObject({
      calls: [
        "suspend a,late,never",
        "sleep 750",
        "suspend late",
        "sleep 1500",
        "suspend late",
        "sleep 3000",
        "suspend late",
      ],
      suspended: 2,
      remaining: [["never", "permanent"]],
      deleted: false,
    });
  });

  it("gives up in the end, and says who is left and why", async () => {
    const { calls, remaining, deleted } = await close({ users: [someone("a")], refuse: () => "transient" });
    expect([calls.filter((each) => each === "suspend a").length, remaining, deleted]).toEqual([
      8,
      [["a", "transient"]],
      false,
    ]);
  });

  it("halves a call that one user spoils, so that the others are suspended all the same", async () => {
    const users = ["a", "b", "c", "d"].map((id) => someone(id));
    expect(await close({ users, poison: ["c"] })).toMatchObject({
      calls: ["suspend a,b,c,d", "suspend a,b", "suspend c,d", "suspend c", "suspend d"],
      suspended: 3,
      remaining: [["c", "invalidCall"]],
      deleted: false,
    });
  });
});
