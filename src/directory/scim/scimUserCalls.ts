import {
  type CallEntry,
  DirectoryError,
  type Failure,
  type Operation,
  type TargetResult,
} from "../directory.ts";
import type { Deadline, ScimClient } from "./scimClient.ts";
import type { Announcement } from "./scimDiscovery.ts";
import { isSuccess, notApplied, notShown, type ScimAnswer, toFailure } from "./scimFailures.ts";
import { type ScimLookUp, userPath } from "./scimLookUp.ts";
import type { ScimProfile } from "./scimProfiles.ts";
import { type Change, isAs, newUser, patchMessage, type ScimUser, toScimUser } from "./scimUsers.ts";
import type { TargetTrust } from "./targetTrust.ts";

export type ScimOperation = Exclude<Operation, "signOut" | "resetPin">;

export interface CallContext {
  client: ScimClient;
  profile: ScimProfile;
  lookUp: ScimLookUp;
  trust: TargetTrust;
  announcement: (deadline: Deadline) => Promise<Announcement>;
}

/** A call of the port under way, with all that its requests share. */
export interface CallUnderWay extends CallContext {
  operation: ScimOperation;
  deadline: Deadline;
  /** By then a change that is read again has to be made. */
  changesUntil: Deadline;
  /** Of the latest request. */
  requestId: string | undefined;
  repeated: boolean;
}

export function noteAnswer(call: CallUnderWay, { requestId, repeated }: ScimAnswer): void {
  call.requestId = requestId ?? call.requestId;
  call.repeated ||= repeated;
}

/** Where and when a change that is made alone has its turn: one that will be read again needs a second turn soon after. */
function turnOf({ trust, operation, deadline, changesUntil }: CallUnderWay) {
  return trust.isDue(operation)
    ? ({ rank: "soon", until: changesUntil } as const)
    : ({ rank: "usual", until: deadline } as const);
}

/** A change that is done, with what is known of it. */
export function done({ requestId }: { requestId?: string | undefined }, userId?: string): TargetResult {
  return {
    kind: "done",
    ...(userId !== undefined && { userId }),
    ...(requestId !== undefined && { requestId }),
  };
}

/** Changes one user alone. Throws `DirectoryError` for what is wrong with the call and would be alike for all others. */
export async function performAlone(entry: CallEntry, call: CallUnderWay): Promise<TargetResult> {
  try {
    return call.operation === "create"
      ? await create(entry, call)
      : await change(entry.target, toChange(call.operation, entry), call);
  } catch (error) {
    if (error instanceof DirectoryError && isOfUser(error.failure)) return failed(error.failure);
    throw error;
  }
}

/** A target may protect single users, its owner for instance: that must not stop the others. */
function isOfUser({ class: failureClass, code }: Failure): boolean {
  return ["permanent", "noSuchUser", "contended", "unknown"].includes(failureClass) || code === "Forbidden";
}

export function failed(failure: Failure): TargetResult {
  return { kind: "failed", failure };
}

export function toChange(operation: Exclude<ScimOperation, "create">, { license = "" }: CallEntry): Change {
  if (operation === "setLicense") return { path: "license", value: license };
  return { path: "active", value: operation === "unsuspend" };
}

export const letIn: Change = { path: "active", value: true };

async function create(entry: CallEntry, call: CallUnderWay): Promise<TargetResult> {
  const { client, profile } = call;
  const { rank, until } = turnOf(call);
  const body = newUser(entry, profile);
  const answer = await client.send({ method: "POST", path: "/Users", body, repeatable: false, rank }, until);
  noteAnswer(call, answer);
  if (answer.status === 409) return adopt(entry, call);
  if (!isSuccess(answer)) return failed(failureOf(answer, call));
  const user = toScimUser(answer.body, profile.license.value);
  return user === undefined
    ? adopt(entry, call)
    : ((await confirm(user.id, letIn, user, call)) ?? done(answer, user.id));
}

function failureOf(answer: ScimAnswer, { client: { target } }: CallUnderWay): Failure {
  const failure = toFailure(target, answer);
  if (isOfUser(failure)) return failure;
  throw new DirectoryError(failure);
}

/**
 * The user is there already: an earlier answer was lost, or somebody else created the user. The license stays, whatever the entry says: a
 * newer decision may have set it, and the one that follows from this entry's has its place in their order. Who is not shown as active is
 * let in.
 */
export async function adopt({ target, externalId }: CallEntry, call: CallUnderWay): Promise<TargetResult> {
  const keys = { email: target, ...(externalId !== undefined && { externalId }) };
  const user = await call.lookUp.findUser(keys, call.deadline);
  if (user === undefined) return failed(existsElsewhere(call.client.target));
  if (user.active === true) return done({}, user.id);
  const result = await change(user.id, letIn, call);
  return result.kind === "failed" ? result : done(result, user.id);
}

function existsElsewhere(target: string): Failure {
  return {
    class: "permanent",
    code: "UserExistsElsewhere",
    message: `${target} says that there is such a user, and shows none by user name, address or external id; look for a deleted user, another domain or an alias there, and redrive the message`,
  };
}

async function change(userId: string, wanted: Change, call: CallUnderWay): Promise<TargetResult> {
  const { client, profile, lookUp, deadline } = call;
  const license = profile.license.value;
  const { rank, until } = turnOf(call);
  const body = patchMessage(wanted, license);
  const answer = await client.send(
    { method: "PATCH", path: userPath(userId), body, repeatable: true, rank },
    until,
  );
  noteAnswer(call, answer);
  if (isSuccess(answer)) {
    const shown = toScimUser(answer.body, license);
    const own = shown?.id === userId ? shown : undefined;
    return (await confirm(userId, wanted, own, call)) ?? done(answer);
  }
  const failure = failureOf(answer, call);
  // Some services fail over an id that they do not have.
  const isGone = answer.status === 500 && (await lookUp.readUser(userId, deadline)) === undefined;
  return failed(isGone ? { ...failure, class: "noSuchUser", code: "NotFound" } : failure);
}

/**
 * Decides whether a change that the target says it has made was made: `undefined`, or how it failed. What its answer shows otherwise is
 * read again, because an answer may be stale. So is the first user of each environment and one of many, whatever the answer shows; and
 * everybody, once the target has been found to do nothing.
 */
async function confirm(
  userId: string,
  wanted: Change,
  shown: ScimUser | undefined,
  call: CallUnderWay,
): Promise<TargetResult | undefined> {
  const read = () => readBack(userId, wanted, call);
  const contradicts = shown !== undefined && isAs(shown, wanted) === false;
  const failure = await (contradicts ? read() : call.trust.sample(call.operation, read));
  return failure && failed(failure);
}

/**
 * Reads a user again. Returns why the change counts as not made, if it does. Who is gone is as good as suspended. Where nothing can be
 * read, the change may well have been made: a suspension stays counted, and the claim is kept. Where a user is shown without `active`, a
 * suspension is not proven, unless that is known of the target.
 */
export async function readBack(
  userId: string,
  wanted: Change,
  { client: { target }, profile, lookUp, trust, deadline }: CallUnderWay,
): Promise<Failure | undefined> {
  const read = await lookUp.readUser(userId, deadline, "first").then(
    (user) => ({ user }),
    (error: unknown) => {
      if (!(error instanceof DirectoryError)) throw error;
      return { failure: { ...error.failure, mayStillHappen: true as const } };
    },
  );
  if ("failure" in read) return read.failure;
  const { user } = read;
  const isSuspension = wanted.path === "active" && !wanted.value;
  if (user === undefined && isSuspension) return undefined;
  const isShown = user && isAs(user, wanted);
  if (isShown === true) return undefined;
  if (user !== undefined && isShown === undefined)
    return isSuspension && profile.showsActive.value ? notShown(target) : undefined;
  trust.loseTrust();
  return notApplied(target, user === undefined ? "has no such user afterwards" : whatStands(wanted));
}

function whatStands(wanted: Change): string {
  if (wanted.path === "license") return "the user has another license afterwards";
  return wanted.value ? "the user is suspended afterwards" : "the user has access afterwards";
}
