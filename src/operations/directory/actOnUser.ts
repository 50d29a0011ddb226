import type { AccountDetails, Administration, UserDetails } from "../../directory/administration.ts";
import { type Directory, DirectoryError, type PostSuspensionAction } from "../../directory/directory.ts";
import type { OperatorAct, OperatorActs } from "../../ledger/operatorDecisions.ts";
import type { PersonHistory } from "../../ledger/personHistory.ts";
import { redactForDisplay } from "../displayText.ts";
import { isAddress } from "../inspectPerson.ts";
import { type FindUsersPorts, findUsers, userBudget } from "./findUsers.ts";
import { failuresOf, toUserReport, type UserReport, type UserShowReport } from "./showUser.ts";

export interface ActOnUserRequest {
  action: PostSuspensionAction;
  /** A person's id, an address, or the directory's id of a user. */
  asked: string;
  /** Who acts, and why, for the journal. */
  by: string;
  because: string;
}

export interface ActOnUserPorts extends FindUsersPorts {
  directory: Pick<Directory, "findUser" | "perform">;
  administration: Pick<Administration, "readUser" | "describeAccount">;
  acts: Pick<OperatorActs, "record">;
  table: string;
  /** Milliseconds since the epoch. */
  now: () => number;
  newId: () => string;
  /** Asked before anything is written or called. */
  confirm: (user: UserReport, account: AccountDetails) => Promise<boolean>;
  /** Why the ledger did not take an act, in words. */
  explainFailure: (error: unknown) => string;
}

/** What became of one user. */
export interface ActOnUserReport extends UserReport {
  table: string;
  action: PostSuspensionAction;
  /** Whom the ledger knows the user as. */
  personId: string | null;
  result: "done" | "failed";
  code?: string;
  failure?: string;
  requestId?: string;
  /** Why the journal has no result of the call; it has its beginning all the same. */
  journalFault?: string;
}

export type ActOnUserResult =
  | { kind: "done"; report: ActOnUserReport }
  | { kind: "declined" }
  /** No account has the user; some could perhaps not be asked. */
  | { kind: "notFound"; failures: UserShowReport["failures"] }
  /** Several accounts have one: the operator has to name it. */
  | { kind: "ambiguous"; accounts: string[] }
  /** A room or another shared device, which is nobody. */
  | { kind: "device"; user: UserReport }
  /** The person's address is that of others too, by the ledger: nobody can tell whose user it is. */
  | { kind: "shared"; user: UserReport; others: string[] }
  /** The account's directory has no such call. */
  | { kind: "impossible"; account: AccountDetails };

/**
 * Signs a user out or replaces the PIN, past the events. The journal names the operator before the call is made. Throws what the ledger
 * throws before the call, and `DirectoryError` where the account cannot be read.
 */
export async function actOnUser(
  { action, asked, by, because: note }: ActOnUserRequest,
  ports: ActOnUserPorts,
): Promise<ActOnUserResult> {
  const { people, answers } = await findUsers(asked, ports);
  const [first, ...elsewhere] = answers.flatMap((answer) => (answer.kind === "found" ? [answer] : []));
  if (first === undefined) return { kind: "notFound", failures: failuresOf(answers) };
  if (elsewhere.length > 0)
    return { kind: "ambiguous", accounts: [first, ...elsewhere].map(({ accountId }) => accountId) };
  const { accountId, user } = first;
  const report = toUserReport(accountId, user, redactForDisplay(asked));
  if (user.type === "device") return { kind: "device", user: report };
  const owners = await ports.history.peopleAt(user.email);
  const others = othersOf(asked, people, user, owners);
  if (others.length > 0) return { kind: "shared", user: report, others };
  const account = await ports.administration.describeAccount(accountId, userBudget);
  if (!account.actions.includes(action)) return { kind: "impossible", account };
  if (!(await ports.confirm(report, account))) return { kind: "declined" };
  const personIds = people.length > 0 ? people.map(({ personId }) => personId) : owners;
  const [personId] = personIds.length === 1 ? personIds : [];
  const act: OperatorAct = {
    id: ports.newId(),
    at: new Date(ports.now()).toISOString(),
    operation: action,
    accountId,
    ...(personId !== undefined && { personId }),
    userIds: [user.userId],
    by,
    note,
    result: "begun",
  };
  await ports.acts.record(act);
  const end = await performOne(action, accountId, user.userId, ports.directory);
  const journalFault = await recordEnd({ ...act, ...end.onRecord }, ports);
  return {
    kind: "done",
    report: {
      table: ports.table,
      action,
      ...report,
      personId: personId ?? null,
      ...end.onRecord,
      ...(end.failure !== undefined && { failure: end.failure }),
      ...(journalFault !== undefined && { journalFault }),
    },
  };
}

/**
 * An address may have passed on since the person had it. Whoever was asked for by an address or by the directory's own id is meant
 * whatever the ledger says, and so is a user who carries the person's id.
 */
function othersOf(
  asked: string,
  people: readonly PersonHistory[],
  user: UserDetails,
  owners: readonly string[],
): string[] {
  const [person] = people;
  if (person === undefined || isAddress(asked) || user.externalId === person.personId) return [];
  return owners.filter((owner) => owner !== person.personId);
}

interface CallEnd {
  onRecord: { result: "done" | "failed"; code?: string; requestId?: string };
  failure?: string;
}

async function performOne(
  operation: PostSuspensionAction,
  accountId: string,
  userId: string,
  directory: Pick<Directory, "perform">,
): Promise<CallEnd> {
  try {
    const call = { operation, accountId, entries: [{ target: userId }] };
    const { results, requestId } = await directory.perform(call, userBudget);
    const onRecord = { ...(requestId !== undefined && { requestId }) };
    const result = results.get(userId);
    if (result?.kind === "done") return { onRecord: { result: "done", ...onRecord } };
    const { code = "NoAnswer", message = "the answer does not mention the user" } = result?.failure ?? {};
    return { onRecord: { result: "failed", code, ...onRecord }, failure: message };
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    const { code, message, requestId } = error.failure;
    const onRecord = { result: "failed", code, ...(requestId !== undefined && { requestId }) } as const;
    return { onRecord, failure: message };
  }
}

/** The call is made by then, so that a fault of the journal is told beside its result. */
export async function recordEnd(
  act: OperatorAct,
  { acts, explainFailure }: Pick<ActOnUserPorts, "acts" | "explainFailure">,
): Promise<string | undefined> {
  try {
    await acts.record(act);
    return undefined;
  } catch (error) {
    return explainFailure(error);
  }
}
