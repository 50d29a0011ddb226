import type { AccountDetails, Administration } from "../../directory/administration.ts";
import {
  answerOf,
  type Directory,
  DirectoryError,
  type DirectoryUser,
  type Failure,
  isActive,
  isPerson,
} from "../../directory/directory.ts";
import type { OpenService } from "../../directory/serviceOperation.ts";
import type { OperatorAct, OperatorActs } from "../../ledger/operatorDecisions.ts";
import { redactForDisplay } from "../displayText.ts";
import { recordEnd } from "./actOnUser.ts";
import { userBudget } from "./findUsers.ts";
import { toUserReport, type UserReport } from "./showUser.ts";

export interface CloseAccountRequest {
  accountId: string;
  /** The operation of the service that deletes an account. */
  deletion: string;
  /** Who acts, and why, for the journal. */
  by: string;
  because: string;
}

/** How many users an account has, before anything is done. */
export interface AccountCounts {
  people: number;
  devices: number;
  suspended: number;
}

export interface CloseAccountPorts {
  directory: Pick<Directory, "getAccount" | "listUsers" | "perform">;
  administration: Pick<Administration, "describeAccount">;
  service: Pick<OpenService, "call">;
  acts: Pick<OperatorActs, "record">;
  /** Asks for the account's name; true if it was typed to the letter. */
  confirmName: (account: AccountDetails, counts: AccountCounts) => Promise<boolean>;
  sleep: (milliseconds: number) => Promise<void>;
  /** From 0 to below 1. */
  random: () => number;
  /** Milliseconds since the epoch. */
  now: () => number;
  newId: () => string;
  onProgress: (progress: { suspended: number; of: number; waitSeconds?: number }) => void;
  /** Once it is aborted, no further call is made. */
  signal: AbortSignal;
  /** Why the ledger did not take an act, in words. */
  explainFailure: (error: unknown) => string;
}

export interface CloseAccountReport {
  accountId: string;
  name: string | null;
  before: AccountCounts;
  /** How many were suspended by this run. */
  suspended: number;
  /** Who is not suspended still, and why. The account is not deleted then. */
  remaining: (UserReport & { code: string; failure: string })[];
  deleted: boolean;
  /** Why it was not deleted, where everybody is suspended. */
  failure?: { code: string; message: string };
  /** Why the journal has no result of the deletion; it has its beginning all the same. */
  journalFault?: string;
}

export type CloseAccountResult =
  | { kind: "declined" }
  /** Its users are managed elsewhere. */
  | { kind: "impossible"; account: AccountDetails; reason: string }
  | { kind: "closed"; report: CloseAccountReport };

/** So often is tried anew who failed, and the deletion too; with the waits between, some minutes in all. */
const mostRounds = 8;
const firstWaitMilliseconds = 1000;
const longestWaitMilliseconds = 60_000;

/**
 * Suspends everybody of an account, devices included, in batches as large as the service takes, and then deletes the account. It passes the
 * safeguard, because the account's name was typed. Who fails in a way that may pass is tried again, with longer and longer waits. Nothing is
 * deleted while anybody is left. Every call is on record before it is made. Throws `DirectoryError` where the account cannot be read.
 */
export async function closeAccount(
  request: CloseAccountRequest,
  ports: CloseAccountPorts,
): Promise<CloseAccountResult> {
  const { accountId } = request;
  const { directory, administration, signal } = ports;
  const [details, account] = await Promise.all([
    administration.describeAccount(accountId, userBudget),
    directory.getAccount(accountId, userBudget),
  ]);
  const answer = answerOf(account, "offboard", "active");
  if (answer.kind === "reject") return { kind: "impossible", account: details, reason: answer.reason };
  const users = await readUsers(accountId, ports);
  const before = countsOf(users);
  if (!(await ports.confirmName(details, before))) return { kind: "declined" };
  const failures = new Map<string, Failure>();
  const isLeft = (user: DirectoryUser) => isActive(user) && !isHopeless(failures.get(user.userId));
  const run: Run = { ...request, of: users.filter(isActive).length, suspended: 0, failures };
  let left = users;
  for (let round = 1; left.some(isLeft) && !signal.aborted; round += 1) {
    await suspendAll(left.filter(isLeft), account.limits.suspend, run, ports);
    left = await readUsers(accountId, ports);
    if (!left.some(isLeft) || round === mostRounds) break;
    await wait(round, run, ports);
  }
  const remaining = left.filter(isActive);
  const ended =
    remaining.length === 0 && !signal.aborted ? await deleteAccount(run, ports) : { deleted: false };
  const redact = redactForDisplay();
  return {
    kind: "closed",
    report: {
      accountId,
      name: details.name ?? null,
      before,
      suspended: run.suspended,
      remaining: remaining.map((user) => {
        const { code, message } = failures.get(user.userId) ?? notReached;
        return { ...toUserReport(accountId, user, redact), code, failure: message };
      }),
      ...ended,
    },
  };
}

interface Run extends CloseAccountRequest {
  /** How many were to be suspended when it began. */
  of: number;
  suspended: number;
  /** The latest of each user who is not suspended. */
  failures: Map<string, Failure>;
}

const notReached = { code: "NotReached", message: "it ended before this user's turn; run it again" };

/** What is permanent or a matter of permissions does not pass by waiting. */
function isHopeless(failure: Failure | undefined): boolean {
  return failure !== undefined && ["permanent", "configuration", "invalidCall"].includes(failure.class);
}

async function readUsers(
  accountId: string,
  { directory, signal }: Pick<CloseAccountPorts, "directory" | "signal">,
): Promise<DirectoryUser[]> {
  const users: DirectoryUser[] = [];
  let pageToken: string | undefined;
  do {
    const page = await directory.listUsers(accountId, pageToken, userBudget);
    users.push(...page.users);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined && !signal.aborted);
  return users;
}

function countsOf(users: readonly DirectoryUser[]): AccountCounts {
  const active = users.filter(isActive);
  const people = active.filter(isPerson).length;
  return { people, devices: active.length - people, suspended: users.length - active.length };
}

async function suspendAll(
  users: readonly DirectoryUser[],
  most: number,
  run: Run,
  ports: CloseAccountPorts,
): Promise<void> {
  for (let index = 0; index < users.length && !ports.signal.aborted; index += most) {
    const ids = users.slice(index, index + most).map(({ userId }) => userId);
    await suspendBatch(ids, run, ports);
    ports.onProgress({ suspended: run.suspended, of: run.of });
    // Without permissions, or with another account, every other batch would fail alike.
    if (ids.every((id) => run.failures.get(id)?.class === "configuration")) return;
  }
}

async function suspendBatch(ids: readonly string[], run: Run, ports: CloseAccountPorts): Promise<void> {
  const { accountId } = run;
  const act = await begin("suspend", ids, run, ports);
  try {
    const entries = ids.map((target) => ({ target }));
    const { results, requestId } = await ports.directory.perform(
      { operation: "suspend", accountId, entries },
      userBudget,
    );
    let failed = 0;
    for (const id of ids) {
      const result = results.get(id);
      if (result?.kind === "failed") {
        failed += 1;
        run.failures.set(id, result.failure);
      } else {
        run.suspended += 1;
        run.failures.delete(id);
      }
    }
    const result = failed === 0 ? "done" : failed < ids.length ? "partly" : "failed";
    await ports.acts.record({ ...act, result, ...(requestId !== undefined && { requestId }) });
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    const { failure } = error;
    await ports.acts.record({ ...act, result: "failed", code: failure.code });
    // One of them may spoil the call for all.
    if (failure.class === "invalidCall" && ids.length > 1) {
      const half = Math.ceil(ids.length / 2);
      await suspendBatch(ids.slice(0, half), run, ports);
      await suspendBatch(ids.slice(half), run, ports);
      return;
    }
    for (const id of ids) run.failures.set(id, failure);
  }
}

async function begin(
  operation: string,
  userIds: readonly string[],
  { accountId, by, because: note }: Run,
  { acts, now, newId }: CloseAccountPorts,
): Promise<OperatorAct> {
  const at = new Date(now()).toISOString();
  const act: OperatorAct = { id: newId(), at, operation, accountId, userIds, by, note, result: "begun" };
  await acts.record(act);
  return act;
}

async function wait(
  round: number,
  run: Run,
  { sleep, random, onProgress }: CloseAccountPorts,
): Promise<void> {
  const longest = Math.min(longestWaitMilliseconds, firstWaitMilliseconds * 2 ** (round - 1));
  // Half of it at least, so that the waits grow whatever chance says.
  const milliseconds = longest * (0.5 + random() / 2);
  onProgress({ suspended: run.suspended, of: run.of, waitSeconds: Math.round(milliseconds / 1000) });
  await sleep(milliseconds);
}

/** The service may not know yet that everybody is suspended. */
async function deleteAccount(
  run: Run,
  ports: CloseAccountPorts,
): Promise<Pick<CloseAccountReport, "deleted" | "failure" | "journalFault">> {
  for (let round = 1; ; round += 1) {
    const act = await begin(run.deletion, [], run, ports);
    try {
      const input = { AccountId: run.accountId };
      const { requestId } = await ports.service.call(run.deletion, input, ports.signal);
      const ended = { ...act, result: "done", ...(requestId !== undefined && { requestId }) } as const;
      const journalFault = await recordEnd(ended, ports);
      return { deleted: true, ...(journalFault !== undefined && { journalFault }) };
    } catch (error) {
      if (!(error instanceof DirectoryError)) throw error;
      const { failure } = error;
      await ports.acts.record({ ...act, result: "failed", code: failure.code });
      const mayPass = !isHopeless(failure) || failure.class === "invalidCall";
      if (!mayPass || round >= 4 || ports.signal.aborted)
        return { deleted: false, failure: { code: failure.code, message: failure.message } };
      await wait(round, run, ports);
    }
  }
}
