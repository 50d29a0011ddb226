import { setImmediate } from "node:timers/promises";
import { chimeLimits } from "../../src/directory/chime/chimeCapabilities.ts";
import {
  type CallAnswer,
  checkCall,
  type Directory,
  type DirectoryAccount,
  type DirectoryCall,
  DirectoryError,
  type DirectoryUser,
  type Failure,
  type Operation,
  type TargetResult,
  type UserKeys,
  type UserPage,
} from "../../src/directory/directory.ts";
import {
  type AccountState,
  change,
  type FakeAccount,
  findByEmail,
  findByKeys,
  pageOf,
  refuseByAccount,
  toState,
} from "./fakeAccounts.ts";

type Request =
  | { operation: "getAccount"; accountId: string }
  | { operation: "listUsers"; accountId: string; pageToken: string | undefined }
  | ({ operation: "findUser"; accountId: string } & UserKeys)
  | DirectoryCall;

/** A request, and once it is over its answer or why it failed. */
export interface RecordedCall {
  request: Request;
  answer?: DirectoryAccount | UserPage | DirectoryUser | CallAnswer | undefined;
  failure?: Failure;
}

/** What goes wrong, each time that it is asked: a fault does not depend on the order of calls. */
export interface Faults {
  /** The call fails as a whole. `afterEffect`: it did its work first, and only the answer is lost. */
  call?(request: Request): Failure | { afterEffect: Failure } | undefined;
  /** One target fails, and nothing happens to it. `leftOut`: the answer breaks the port's word and omits it. */
  target?(target: string, call: DirectoryCall): Failure | "leftOut" | undefined;
}

export interface FakeDirectory extends Directory {
  /** In the order in which they began. */
  readonly calls: readonly RecordedCall[];
  /** Calls by operation; one that was not called is absent. */
  tally(): Partial<Record<Request["operation"], number>>;
  /** The targets of each batch call of an operation. */
  carried(operation: Operation): string[][];
  /** How many calls were under way at the same time, at most. */
  mostUnderWay(): number;
  users(accountId: string): DirectoryUser[];
  faults: Faults;
}

/** The port `Directory` over memory. It keeps the contract that the real ones keep: see `directoryContract.ts`. */
export function fakeDirectory(accounts: readonly FakeAccount[], faults: Faults = {}): FakeDirectory {
  const state = new Map(accounts.map((account) => [account.accountId, toState(account)]));
  const calls: RecordedCall[] = [];
  let underWay = 0;
  let mostUnderWay = 0;

  async function serve<T extends RecordedCall["answer"]>(
    request: Request,
    work: (found: AccountState) => T,
  ): Promise<T> {
    const call: RecordedCall = { request };
    calls.push(call);
    underWay += 1;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    try {
      // The answer comes later, as it would over a network.
      await setImmediate();
      const value = answer(request, work);
      call.answer = value;
      return value;
    } catch (error) {
      if (error instanceof DirectoryError) call.failure = error.failure;
      throw error;
    } finally {
      underWay -= 1;
    }
  }

  function answer<T>(request: Request, work: (found: AccountState) => T): T {
    const fault = fake.faults.call?.(request);
    if (fault !== undefined && !("afterEffect" in fault)) throw new DirectoryError(fault);
    const value = work(expectAccount(state, request.accountId));
    if (fault !== undefined) throw new DirectoryError(fault.afterEffect);
    return value;
  }

  function read<T extends RecordedCall["answer"]>(request: Request, work: (found: AccountState) => T) {
    return serve(request, (found) => {
      refuseByAccount(found, "read");
      return work(found);
    });
  }

  const fake: FakeDirectory = {
    faults,
    calls,
    tally: () => tally(calls),
    carried: (operation) => calls.flatMap(({ request }) => carriedBy(request, operation)),
    mostUnderWay: () => mostUnderWay,
    users: (accountId) => [...expectAccount(state, accountId).users.values()],
    getAccount: (accountId) => serve({ operation: "getAccount", accountId }, ({ account }) => account),
    listUsers: (accountId, pageToken) =>
      read({ operation: "listUsers", accountId, pageToken }, (found) => pageOf(found, pageToken)),
    findUser: (accountId, who) =>
      read({ operation: "findUser", accountId, ...who }, (found) => findByKeys(found, who)),
    perform: async (call) => {
      checkCall(call, chimeLimits);
      return serve(call, (found) => performOn(found, call, fake.faults));
    },
  };
  return fake;
}

function performOn(state: AccountState, call: DirectoryCall, faults: Faults): CallAnswer {
  refuseByAccount(state, call.operation);
  const results = new Map<string, TargetResult>();
  for (const entry of call.entries) {
    const fault = faults.target?.(entry.target, call);
    if (fault === "leftOut") continue;
    const failure = fault ?? change(state, call.operation, entry);
    results.set(
      entry.target,
      failure === undefined ? doneFor(state, call, entry.target) : { kind: "failed", failure },
    );
  }
  return { requestId: "fake-request", results };
}

function doneFor(state: AccountState, { operation }: DirectoryCall, target: string): TargetResult {
  const user = operation === "create" && state.knowsIds ? findByEmail(state, target) : undefined;
  return user === undefined ? { kind: "done" } : { kind: "done", userId: user.userId };
}

function expectAccount(state: ReadonlyMap<string, AccountState>, accountId: string): AccountState {
  const account = state.get(accountId);
  if (account !== undefined) return account;
  const message = `there is no account ${accountId}`;
  throw new DirectoryError({ class: "configuration", code: "NotFoundException", message });
}

function tally(calls: readonly RecordedCall[]): ReturnType<FakeDirectory["tally"]> {
  const counts: ReturnType<FakeDirectory["tally"]> = {};
  for (const { request } of calls) counts[request.operation] = (counts[request.operation] ?? 0) + 1;
  return counts;
}

function carriedBy(request: Request, operation: Operation): string[][] {
  return "entries" in request && request.operation === operation
    ? [request.entries.map(({ target }) => target)]
    : [];
}
