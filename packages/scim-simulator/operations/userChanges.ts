import type { UserFault } from "../faults/scriptedScimFault.ts";
import type { BulkMethod } from "../tenants/tenantBehavior.ts";
import {
  addUser,
  type Effect,
  findByValue,
  removeUser,
  replaceUser,
  type StoredUser,
  type TenantRecord,
} from "../tenants/tenantState.ts";
import type { UserAttributes } from "../tenants/userSchema.ts";
import { type Answer, isRefusal, type Refusal, refuse } from "./answers.ts";
import { locationOf, showUser } from "./userViews.ts";

/** What an operation may use besides its request. */
export interface OperationContext {
  record: TenantRecord;
  /** The URL of the tenant's base path. */
  tenantUrl: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** The number of the call in the log, and the id that its answer carries. */
  sequence: number;
  requestId: string;
  userFault(sent: string): UserFault | undefined;
}

/** A change of one user, by a call of its own or in a bulk. */
export interface UserChangeRequest {
  method: BulkMethod;
  /** Absent for POST. */
  userId?: string;
  body: unknown;
}

export function readUser(userId: string, { record, tenantUrl }: OperationContext): Answer {
  const user = record.users.get(userId);
  if (user === undefined) return unknownUser(record, userId);
  const location = locationOf(user, tenantUrl);
  return { kind: "answered", status: 200, body: showUser(record, user, tenantUrl, "alone"), location };
}

/** Changes a user unless a fault is scripted for that user. `undefined`: the fault leaves the user out of the answer. */
export async function changeUser(
  request: UserChangeRequest,
  context: OperationContext,
): Promise<Answer | undefined> {
  const { record } = context;
  if (!record.behavior.users.methods.includes(request.method)) {
    return refuse(501, `${request.method} is not supported.`);
  }
  const fault = context.userFault(sentName(request));
  if (fault?.kind === "error" && !fault.takesEffect) return scriptedError(fault);
  if (fault?.kind === "leftOut" && !fault.takesEffect) return undefined;
  const change = await planChange(request, record);
  if (isRefusal(change)) return change;
  if (fault?.kind === "silent") return answerSilently(change, fault.answer, context);
  const user = applyChange(change, context);
  if (fault?.kind === "error") return scriptedError(fault);
  if (fault?.kind === "leftOut") return undefined;
  return answerChange(change, user, fault?.kind === "stale" ? "stale" : "current", context);
}

/** The id, or the user name of somebody new: what a fault names a user by. */
export function sentName({ userId, body }: UserChangeRequest): string {
  if (userId !== undefined) return userId;
  if (typeof body !== "object" || body === null || !("userName" in body)) return "";
  return typeof body.userName === "string" ? body.userName : "";
}

function scriptedError({
  status,
  detail = "A scripted fault.",
  scimType,
}: UserFault & { kind: "error" }): Refusal {
  return refuse(status, detail, scimType);
}

function unknownUser({ behavior }: TenantRecord, userId: string): Refusal {
  return refuse(behavior.errors.unknownUserStatus, `Resource ${userId} not found`);
}

/** A change that is allowed. */
type Change =
  | { kind: "create"; after: UserAttributes }
  | { kind: "update"; method: "PUT" | "PATCH"; user: StoredUser; after: UserAttributes }
  | { kind: "delete"; method: BulkMethod; user: StoredUser };

async function planChange(
  { method, userId = "", body }: UserChangeRequest,
  record: TenantRecord,
): Promise<Change | Refusal> {
  if (method === "POST") return planCreation(body, record);
  const user = record.users.get(userId);
  if (user === undefined) return unknownUser(record, userId);
  if (method === "DELETE") return { kind: "delete", method, user };
  const asked = method === "PUT" ? record.schema.parse(body) : await patchUser(user, body, record);
  if (isRefusal(asked)) return asked;
  const conflict = conflictOf(asked, record, userId);
  if (conflict !== undefined) return conflict;
  const isSuspension = user.attributes.active !== false && asked.active === false;
  if (!isSuspension) return { kind: "update", method, user, after: asked };
  const { suspension, removedOnSuspension } = record.behavior.users;
  if (suspension === "deletes") return { kind: "delete", method, user };
  const removed = Object.fromEntries(removedOnSuspension.map((name) => [name, undefined]));
  return { kind: "update", method, user, after: { ...asked, ...removed } };
}

function planCreation(body: unknown, record: TenantRecord): Change | Refusal {
  const asked = record.schema.parse(body);
  if (isRefusal(asked)) return asked;
  const conflict = conflictOf(asked, record);
  if (conflict !== undefined) return conflict;
  const { userNames, activeByDefault } = record.behavior.users;
  const userName = userNames === "localPart" ? asked.userName.replace(/@.*/, "") : asked.userName;
  return { kind: "create", after: { ...asked, userName, active: asked.active ?? activeByDefault } };
}

async function patchUser(
  { attributes }: StoredUser,
  message: unknown,
  { schema, behavior }: TenantRecord,
): Promise<UserAttributes | Refusal> {
  const patched = await schema.patch(attributes, message);
  const isDropped =
    isRefusal(patched) && patched.scimType === "invalidPath" && behavior.users.unknownPaths === "ignored";
  return isDropped ? attributes : patched;
}

function conflictOf(asked: UserAttributes, record: TenantRecord, ownId?: string): Refusal | undefined {
  const { users, errors } = record.behavior;
  const addresses = (asked.emails ?? []).flatMap(({ value }) => value ?? []);
  const namesakes = [
    ...findByValue(record, "userName", asked.userName),
    ...(users.uniqueness === "userName"
      ? []
      : addresses.flatMap((address) => findByValue(record, "emails.value", address))),
  ];
  // A name that is hidden behind a hash is free.
  const isHidden = ({ attributes }: StoredUser) =>
    users.suspendedNames === "hashed" && attributes.active === false;
  const holder = namesakes.find((user) => user.id !== ownId && !isHidden(user));
  if (holder === undefined) return undefined;
  return refuse(
    409,
    `A user ${asked.userName} exists already.`,
    errors.conflictType ? "uniqueness" : undefined,
  );
}

/** Carries out a change. Returns the user as it is now, or as it was for somebody who was deleted. */
function applyChange(change: Change, context: OperationContext): StoredUser {
  const { record, at } = context;
  const date = new Date(at);
  switch (change.kind) {
    case "create": {
      const user = addUser(record, change.after, date);
      recordEffect("created", user, undefined, context);
      return user;
    }
    case "update": {
      const before = change.user.attributes;
      if (JSON.stringify(before) === JSON.stringify(change.after)) return change.user;
      const user = replaceUser(record, change.user, change.after, date);
      recordEffect(kindOfUpdate(before, change.after), user, before, context);
      return user;
    }
    case "delete":
      removeUser(record, change.user);
      recordEffect("deleted", change.user, change.user.attributes, context);
      return change.user;
  }
}

function kindOfUpdate(before: UserAttributes, after: UserAttributes): Effect["kind"] {
  const wasActive = before.active !== false;
  const isActive = after.active !== false;
  if (wasActive === isActive) return "changed";
  return isActive ? "reinstated" : "suspended";
}

function recordEffect(
  kind: Effect["kind"],
  user: StoredUser,
  before: UserAttributes | undefined,
  { record, sequence, requestId, at }: OperationContext,
): void {
  record.effects.push({
    tenant: record.basePath,
    sequence,
    requestId,
    at,
    kind,
    userId: user.id,
    ...(before === undefined ? {} : { before }),
    ...(kind === "deleted" ? {} : { after: user.attributes }),
  });
}

function answerChange(
  change: Change,
  user: StoredUser,
  shown: "current" | "stale",
  context: OperationContext,
): Answer {
  const { record, tenantUrl } = context;
  if (change.kind === "delete") return { kind: "answered", status: 204 };
  const location = locationOf(user, tenantUrl);
  const show = (one: StoredUser) => showUser(record, one, tenantUrl, "alone");
  if (change.kind === "create") return { kind: "answered", status: 201, body: show(user), location };
  const former = change.user;
  if (shown === "stale") return { kind: "answered", status: 200, body: show(former), location };
  if (change.method === "PUT") return { kind: "answered", status: 200, body: show(user), location };
  switch (record.behavior.users.patchAnswer) {
    case "resource":
      return { kind: "answered", status: 200, body: show(user), location };
    case "stale":
      return { kind: "answered", status: 200, body: show(former), location };
    case "emptyObject":
      return { kind: "answered", status: 200, body: {}, location };
    case "noContent":
      return { kind: "answered", status: 204, location };
  }
}

/** Answers success for a change that is not carried out. */
function answerSilently(
  change: Change,
  answer: (UserFault & { kind: "silent" })["answer"],
  context: OperationContext,
): Answer {
  if (answer === "noContent" || change.kind === "delete") return { kind: "answered", status: 204 };
  const date = new Date(context.at);
  const claimed: StoredUser =
    change.kind === "create"
      ? { id: "never-stored", attributes: change.after, createdAt: date, modifiedAt: date }
      : { ...change.user, attributes: change.after };
  return answerChange(change, claimed, answer === "stale" ? "stale" : "current", context);
}
