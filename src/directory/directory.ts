import type { UserProfile } from "../events/userProfile.ts";
import type { Intent } from "../pipelineSettings.ts";

/** The port to the directories whose accounts and users Rollcall provisions. Provisioning knows only this port. */
export interface Directory {
  /** Throws `DirectoryError`. */
  getAccount(accountId: string, budget: CallBudget): Promise<DirectoryAccount>;
  /** One page of the whole account, in the service's order. Throws `DirectoryError`. */
  listUsers(accountId: string, pageToken: string | undefined, budget: CallBudget): Promise<UserPage>;
  /**
   * The user of these keys: by user id, then by external id, then by current address, as far as the service can. Every hit is
   * verified. Of several with one address it is the one whom `userOfAddress` chooses. Throws `DirectoryError`.
   */
  findUser(accountId: string, who: UserKeys, budget: CallBudget): Promise<DirectoryUser | undefined>;
  /**
   * Makes one batch call. The answer holds exactly one result for each entry's target: a target that the service's answer
   * leaves out counts as failed. Throws `DirectoryError` if the call failed as a whole, and
   * `RangeError` for a call that the service would refuse (empty, too long, a duplicate target).
   */
  perform(call: DirectoryCall, budget: CallBudget): Promise<CallAnswer>;
}

/** What is known of a user who is looked for. */
export interface UserKeys {
  userId?: string;
  /** HR's id of the person, as the user carries it where Rollcall created the user. */
  externalId?: string;
  /** Compared case-insensitively. */
  email: string;
}

/**
 * `create` is addressed by e-mail: it adds who is not there, and lets in who is suspended. An invitation is one. All others are
 * addressed by user id.
 */
export type Operation = "create" | "suspend" | "unsuspend" | "setLicense" | PostSuspensionAction;

/** An action after a suspension. A service may take one user a call, so the limit of each may well be 1. */
export type PostSuspensionAction = "signOut" | "resetPin";

/** How many entries one call of each operation may carry. A service may take several requests for them. */
export type CallLimits = Readonly<Record<Operation, number>>;

/** How long a call may take in all, its retries included, in milliseconds. */
export interface CallBudget {
  milliseconds: number;
}

export interface DirectoryCall {
  operation: Operation;
  accountId: string;
  entries: readonly CallEntry[];
}

export interface CallEntry {
  /** The e-mail address for `create`, the user id for all others. */
  target: string;
  /** For `setLicense` always; for `create` where the account takes a license with it. */
  license?: string;
  /** HR's id of the person, for `create` only. */
  externalId?: string;
  /** What a new user is made of, as far as HR tells it: for `create` only. */
  profile?: UserProfile;
}

export interface CallAnswer {
  /** The service's id of the call, for the audit trail and for its support. */
  requestId: string | undefined;
  results: ReadonlyMap<string, TargetResult>;
  /** The client made the call more than once: an attempt before may have taken effect, and its answer was lost. */
  repeated?: true;
}

/**
 * `userId`: of a created user, where the service tells it. `requestId`: of the request that made the change, where a call takes
 * several of them.
 */
export type TargetResult =
  | { kind: "done"; userId?: string; requestId?: string }
  | { kind: "failed"; failure: Failure };

export interface DirectoryAccount {
  accountId: string;
  /** The service's own word for the type, for messages to people. */
  type: string;
  /** False: the service keeps the account suspended, and no call should be made. */
  active: boolean;
  limits: CallLimits;
  /** The licenses that users may have. `unknown`: the service does not tell, so that any may be asked for. */
  licenses: readonly string[] | "unknown" | "none";
  defaultLicense: string | undefined;
  /** A call that creates a user takes the license with it. */
  createsWithLicense?: true;
  /** The service never shows who is suspended, and its word is to be believed. */
  hidesStates?: true;
  /** `deletes`: a suspension takes the user away for good, and whoever returns is a new one. */
  suspension: "reversible" | "deletes";
  /** The actions that a suspension does not include, and that the policy may ask for after it. */
  postSuspensionActions: readonly PostSuspensionAction[];
  capabilities: Capabilities;
}

/** What the account answers to each intent, by the state of the user. */
type Capabilities = Readonly<Record<Intent, StateAnswers>>;

/**
 * `remembered`: nothing was read about the user, of whom at most the id is known. A `create` there goes out without a look-up, and
 * a `reject` there says that the account takes no such orders about anybody.
 */
export type StateAnswers = Readonly<
  Record<Exclude<UserState, "lapsed"> | "remembered", StateAnswer> & {
    /** As `invited`, where it is left out. */
    lapsed?: StateAnswer;
  }
>;

/** `invited`: the person may register, and has not yet. `lapsed`: the invitation failed or ran out, and the user is still there. */
export type UserState = "absent" | "invited" | "lapsed" | "active" | "suspended";

export type StateAnswer =
  | { kind: "call"; operation: Operation }
  /** Until the person has registered. */
  | { kind: "await" }
  | { kind: "unchanged" }
  /** `reason` goes on after the name of the account; for an absent user it is the rest of that sentence. */
  | { kind: "reject"; code: string; reason: string };

/** The usual answer about a leaver whom the account does not know. */
export const userNotFound: StateAnswer = {
  kind: "reject",
  code: "UserNotFound",
  reason: "has no user with this address; check the address in HR, or suspend by hand",
};

export interface DirectoryUser {
  userId: string;
  /** Lower-case. */
  email: string;
  state: Exclude<UserState, "absent">;
  /** `undefined`: the user has none, or the service names none. `unknownLicense`: this answer does not tell. */
  license: string | undefined;
  /** `device`: a room or another shared device, nobody of HR. */
  type: "person" | "device";
  /** HR's id of the person, as the service has it. */
  externalId?: string;
  /** The service does not show whether the user is suspended, who counts as active for it. */
  isStateUnknown?: true;
}

/** The license of a user of whom an answer does not tell it. */
export const unknownLicense = "unknown";

export interface UserPage {
  users: readonly DirectoryUser[];
  nextPageToken: string | undefined;
}

/**
 * Why a call, or one user of a call, failed: the classes that decide on a retry.
 *
 * - `throttled`, `transient`: the same call later may well pass.
 * - `contended`: the state changed under the call; worth a bounded number of tries.
 * - `configuration`: credentials, account or permissions; every user would fail alike.
 * - `invalidCall`: the service refused the call as a whole, so one of its entries may be invalid.
 * - `noSuchUser`: the id is unknown to the account; permanent, unless the id was only remembered.
 * - `permanent`: this user will fail for ever.
 * - `unknown`: not in the service's documents, or no answer at all. Never a success.
 */
export type FailureClass =
  | "throttled"
  | "transient"
  | "contended"
  | "configuration"
  | "invalidCall"
  | "noSuchUser"
  | "permanent"
  | "unknown";

export interface Failure {
  class: FailureClass;
  /** The service's own code, such as `Throttled` or `NotFoundException`. */
  code: string;
  /** For people; holds no e-mail address. */
  message: string;
  requestId?: string;
  /** When the service said when to come back. */
  retryAfterSeconds?: number;
  /** No answer came, so the call may still be under way at the service. */
  mayStillHappen?: true;
}

/** A call that failed as a whole. `cause` is the SDK's error. */
export class DirectoryError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(`${failure.code}: ${failure.message}`, options);
    this.name = "DirectoryError";
    this.failure = failure;
  }
}

/** What a call that starts now may take in all; undefined when there is no time to start one. */
export type Budget = () => CallBudget | undefined;

/**
 * Chooses the user who counts of those with one address: the one who is not suspended. A device is nobody. Who was suspended and then invited as a new
 * user has two. Throws `DirectoryError` where several are active, because nobody can tell which is meant.
 */
export function userOfAddress(users: readonly DirectoryUser[]): DirectoryUser | undefined {
  const people = users.filter(isPerson);
  const [active, other] = people.filter(isActive);
  if (other !== undefined) throw new DirectoryError(addressShared);
  return active ?? people[0];
}

/** An invited user counts as active, because the person may sign in as soon as the invitation is accepted. */
export function isActive({ state }: Pick<DirectoryUser, "state">): boolean {
  return state !== "suspended";
}

export function isPerson({ type }: DirectoryUser): boolean {
  return type === "person";
}

/** The account's answer to an intent about a user in this state, or about one of whom nothing was read. */
export function answerOf(
  { capabilities }: Pick<DirectoryAccount, "capabilities">,
  intent: Intent,
  state: UserState | "remembered",
): StateAnswer {
  const answers = capabilities[intent];
  return state === "lapsed" ? (answers.lapsed ?? answers.invited) : answers[state];
}

/** People get their access by a call to their address, without a look-up before. It may give them another user than they had. */
export function createsUsers(account: Pick<DirectoryAccount, "capabilities">, intent: Intent): boolean {
  const answer = answerOf(account, intent, "remembered");
  return answer.kind === "call" && answer.operation === "create";
}

export const addressShared: Failure = {
  class: "permanent",
  code: "AddressShared",
  message:
    "two active users of the account have this address; suspend or rename the one that is too many in the account, and redrive the message",
};

/** The code of a change that the service said it had made, and had not. It has an alarm of its own. */
export const notAppliedCode = "NotApplied";

/** The call was not reached in this invocation; the messages come again. */
export const outOfTime: Failure = {
  class: "transient",
  code: "OutOfTime",
  message: "the invocation's time was nearly over; it will be tried again",
};

/** Makes a call of the directory if the time allows, and returns its failure as a value. Other errors are defects: thrown. */
export async function attempt<T>(budget: Budget, call: (time: CallBudget) => Promise<T>): Promise<Found<T>> {
  const time = budget();
  if (time === undefined) return { kind: "failed", failure: outOfTime };
  try {
    return { kind: "found", value: await call(time) };
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return { kind: "failed", failure: error.failure };
  }
}

export type Found<T> = { kind: "found"; value: T } | { kind: "failed"; failure: Failure };

/**
 * Checks that the service accepts a call, because its client checks nothing. A call that fails here was planned wrongly:
 * throws `RangeError`, naming what was expected.
 */
export function checkCall(call: DirectoryCall, limits: CallLimits): void {
  const { operation, accountId, entries } = call;
  const fault = (text: string) => new RangeError(`${operation} on account ${accountId}: ${text}`);
  if (entries.length === 0) throw fault("the call is empty; plan no call for nobody");
  if (entries.length > limits[operation]) {
    throw fault(`${entries.length} entries, but a call carries at most ${limits[operation]}`);
  }
  const targets = new Set(
    entries.map(({ target }) => (operation === "create" ? target.toLowerCase() : target)),
  );
  if (targets.size < entries.length) throw fault("the same target stands twice in one call");
  if (entries.some(({ target }) => target.trim() === "")) throw fault("a target is blank");
  if (operation === "setLicense" && entries.some(({ license }) => !license)) {
    throw fault("an entry has no license to change to");
  }
}
