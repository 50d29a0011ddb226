import { chimeLimits } from "../../../src/directory/chime/chimeCapabilities.ts";
import {
  type CallAnswer,
  type CallEntry,
  checkCall,
  type Directory,
  type DirectoryCall,
  DirectoryError,
  type DirectoryUser,
  type Failure,
  type TargetResult,
} from "../../../src/directory/directory.ts";
import { type AccountState, change, findByEmail, pageOf, toState } from "../../directory/fakeAccounts.ts";
import { joining, lowered, type Person, userIdOf } from "./scenario.ts";
import type { Mishap, Request, Steps, Worker } from "./steps.ts";

/** Callbacks that enter the effects of a worker's calls in the history. */
export interface CallWitness {
  onEffect(call: DirectoryCall, entry: CallEntry, before: DirectoryUser | undefined): void;
  onAnswerLost(call: DirectoryCall): void;
  onDisowned(call: DirectoryCall): void;
}

/** One worker's view of the shared directory. */
export function steppedDirectory(
  shared: SharedDirectory,
  steps: Steps,
  worker: Worker,
  { onEffect, onAnswerLost, onDisowned }: CallWitness,
): Directory {
  const read = <T>(text: string, effect: () => T, toText: (answer: T) => string) =>
    steps.request<T>({ worker, text, effect, mishaps: failedReads, toText });

  function perform(call: DirectoryCall): Promise<CallAnswer> {
    checkCall(call, chimeLimits);
    const effect = () => shared.carryOut(call, (entry, before) => onEffect(call, entry, before));
    const text = `${call.operation} ${call.entries.map(describe).join(", ")}`;
    const request: Request<CallAnswer> = {
      worker,
      text,
      effect,
      toText: describeAnswer,
      late: "untilLeaseEnds",
    };
    const lose = (failure: Failure): never => {
      onAnswerLost(call);
      throw new DirectoryError(failure);
    };
    const disown = (): never => {
      onDisowned(call);
      return lose(unavailable);
    };
    const mishaps: Mishap<CallAnswer>[] = [
      { text: "refused", effect: "none", answer: () => refuse(throttled) },
      { text: "done, and failed then", effect: "done", answer: () => disown() },
      { text: "done, its answer lost", effect: "done", answer: () => lose(timedOut) },
      { text: "lost on its way", effect: "none", answer: () => lose(timedOut) },
      { text: "slower than the client waits", effect: "underWay", answer: () => lose(timedOut) },
      { text: "slower than the connection lasts", effect: "underWay", answer: () => lose(brokenOff) },
      ...call.entries.flatMap(({ target }) =>
        userFailures.map((failure) => ({
          text: `${failure.code} for ${target}`,
          effect: "none" as const,
          answer: () => allBut(call, target, failure, shared, onEffect),
        })),
      ),
    ];
    return steps.request({ ...request, mishaps });
  }

  return {
    getAccount: (accountId) =>
      read(
        `reads account ${accountId}`,
        () => shared.account(accountId).account,
        ({ type }) => type,
      ),
    findUser: (accountId, { email }) =>
      read(
        `looks for ${email}`,
        () => findByEmail(shared.account(accountId), email),
        (user) => user?.state ?? "unknown",
      ),
    listUsers: (accountId, pageToken) =>
      read(
        `lists account ${accountId}`,
        () => pageOf(shared.account(accountId), pageToken),
        ({ users }) => users.map(({ userId, state }) => `${userId} ${state}`).join(", ") || "nobody",
      ),
    perform,
  };
}

const throttled: Failure = { class: "throttled", code: "ThrottledClientException", message: "slow down" };
const unavailable: Failure = { class: "transient", code: "ServiceUnavailableException", message: "not now" };
const timedOut: Failure = {
  class: "transient",
  code: "TimeoutError",
  message: "no answer",
  mayStillHappen: true,
};
/** An error of the client that is in no table of codes. */
const brokenOff: Failure = { class: "unknown", code: "ERR_STREAM", message: "cut off", mayStillHappen: true };

/** The codes with which the directory may refuse a user for good, and only because a schedule said so. */
const forGood: Failure = { class: "permanent", code: "Forbidden", message: "never" };
const userFailures: readonly Failure[] = [
  { class: "throttled", code: "Throttled", message: "slow down" },
  { class: "contended", code: "Conflict", message: "changed meanwhile" },
  { class: "unknown", code: "NoResult", message: "left out of the answer" },
  forGood,
];

const failedReads: Mishap<never>[] = [
  { text: "refused", effect: "none", answer: () => refuse(throttled) },
  { text: "its answer lost", effect: "none", answer: () => refuse(timedOut) },
];

function refuse(failure: Failure): never {
  throw new DirectoryError(failure);
}

/** The call without the user who fails; for all others it does its work. */
function allBut(
  call: DirectoryCall,
  failing: string,
  failure: Failure,
  shared: SharedDirectory,
  onEffect: CallWitness["onEffect"],
): CallAnswer {
  const entries = call.entries.filter(({ target }) => target !== failing);
  const answer = shared.carryOut({ ...call, entries }, (entry, before) => onEffect(call, entry, before));
  return { ...answer, results: new Map([...answer.results, [failing, { kind: "failed", failure }]]) };
}

function describe({ target, license }: CallEntry): string {
  return license === undefined ? target : `${target} ${license}`;
}

function describeAnswer({ results }: CallAnswer): string {
  return [...results]
    .map(([target, result]) => `${target} ${result.kind === "done" ? "done" : result.failure.code}`)
    .join(", ");
}

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

const licenses = ["Basic", "Pro", lowered, joining];

export function sharedDirectory(people: readonly Person[]): SharedDirectory {
  const accounts = new Map([
    ["team", toState({ accountId: "team", type: "Team", licenses, users: usersOf("team", people) })],
    ["lwa", toState({ accountId: "lwa", type: "EnterpriseLWA", licenses, users: usersOf("lwa", people) })],
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

function user(email: string, status: "registered" | "suspended"): DirectoryUser {
  const state = status === "registered" ? "active" : status;
  return { userId: userIdOf(email), email, state, license: "Basic", type: "person" };
}
