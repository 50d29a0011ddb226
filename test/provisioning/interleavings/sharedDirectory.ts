import type {
  CallAnswer,
  CallEntry,
  DirectoryCall,
  DirectoryUser,
  TargetResult,
} from "../../../src/directory/directory.ts";
import { type AccountState, change, findByEmail, toState } from "../../directory/fakeAccounts.ts";
import { type Person, userIdOf } from "./scenario.ts";

/** The accounts that all workers act on. */
export interface SharedDirectory {
  account(accountId: string): AccountState;
  /** Makes the call in one moment; `onDone` hears of each entry that was carried out, and how the user stood before. */
  carryOut(call: DirectoryCall, onDone: OnDone): CallAnswer;
  /** Somebody whom the directory did not know registers by themselves. */
  register(person: Person): void;
  knows(person: Person): boolean;
}

type OnDone = (entry: CallEntry, before: DirectoryUser | undefined) => void;

export function sharedDirectory(people: readonly Person[]): SharedDirectory {
  const accounts = new Map([
    ["team", toState({ accountId: "team", type: "Team", users: usersOf("team", people) })],
    ["lwa", toState({ accountId: "lwa", type: "EnterpriseLWA", users: usersOf("lwa", people) })],
  ]);
  let calls = 0;
  const account = (accountId: string): AccountState => {
    const state = accounts.get(accountId);
    if (state === undefined) throw new RangeError(`expected account team or lwa; got ${accountId}`);
    return state;
  };
  return {
    account,
    carryOut({ operation, accountId, entries }, onDone) {
      calls += 1;
      const results = new Map<string, TargetResult>();
      for (const entry of entries) {
        const state = account(accountId);
        const before = state.users.get(entry.target) ?? findByEmail(state, entry.target);
        const failure = change(state, operation, entry);
        if (failure === undefined) onDone(entry, before);
        results.set(entry.target, failure === undefined ? { kind: "done" } : { kind: "failed", failure });
      }
      return { requestId: `call-${calls}`, results };
    },
    register: ({ accountId, email }) =>
      void account(accountId).users.set(userIdOf(email), user(email, "registered")),
    knows: ({ accountId, email }) => account(accountId).users.has(userIdOf(email)),
  };
}

function usersOf(account: string, people: readonly Person[]) {
  return people.flatMap(({ accountId, email, status }) =>
    accountId === account && status !== "absent" ? [user(email, status)] : [],
  );
}

function user(email: string, status: "registered" | "suspended") {
  return { userId: userIdOf(email), email, status, licenseType: "Basic" };
}
