import type { Intent } from "../pipelineSettings.ts";

/**
 * The port to the directory whose accounts and users Rollcall provisions. Amazon Chime is the first adapter (`chime/`);
 * provisioning knows only this port.
 */
export interface Directory {
  /** How many entries one call of each operation may carry. */
  readonly limits: Readonly<Record<BatchOperation, number>>;
  /** Throws `DirectoryError`. */
  getAccount(accountId: string, budget: CallBudget): Promise<DirectoryAccount>;
  /** One page of the whole directory, in the service's order. Throws `DirectoryError`. */
  listUsers(accountId: string, pageToken: string | undefined, budget: CallBudget): Promise<UserPage>;
  /**
   * The user whose current address this is, compared case-insensitively; of several the one whom `userOfAddress` chooses. Throws
   * `DirectoryError`.
   */
  findUser(accountId: string, email: string, budget: CallBudget): Promise<DirectoryUser | undefined>;
  /**
   * Makes one batch call. The answer holds exactly one result for each entry's target: a target that the service's answer
   * leaves out counts as failed. Throws `DirectoryError` if the call failed as a whole, and
   * `RangeError` for a call that the service would refuse (empty, too long, a duplicate target).
   */
  perform(call: DirectoryCall, budget: CallBudget): Promise<CallAnswer>;
}

export type BatchOperation = "suspend" | "unsuspend" | "invite" | "updateLicense" | PostSuspensionAction;

/** An action after a suspension. A service may take one user a call, so the limit of each may well be 1. */
export type PostSuspensionAction = "signOut" | "resetPin";

/** How long a call may take in all, its retries included, in milliseconds. */
export interface CallBudget {
  milliseconds: number;
}

export interface DirectoryCall {
  operation: BatchOperation;
  accountId: string;
  entries: readonly CallEntry[];
}

export interface CallEntry {
  /** The e-mail address for `invite`, the user id for all others. */
  target: string;
  /** Only for `updateLicense`, and there always. */
  licenseType?: string;
}

export interface CallAnswer {
  /** The service's id of the call, for the audit trail and for its support. */
  requestId: string | undefined;
  results: ReadonlyMap<string, TargetResult>;
  /** The client made the call more than once: an attempt before may have taken effect, and its answer was lost. */
  repeated?: true;
}

export type TargetResult = { kind: "done" } | { kind: "failed"; failure: Failure };

export interface DirectoryAccount {
  accountId: string;
  /** The service's own word for the type, for messages to people. */
  type: string;
  /** False: the service keeps the account suspended, and no call should be made. */
  active: boolean;
  supportedLicenses: readonly string[];
  defaultLicense: string | undefined;
  /** The call by which an account of this type carries out each intent, if it can. */
  capabilities: Readonly<Record<Intent, Capability>>;
}

export type Capability =
  | {
      kind: "call";
      operation: BatchOperation;
      whenUserIsUnknown: "reject" | "await";
      /** Actions that the call does not include, and that the policy may ask for after it. */
      postSuspensionActions?: readonly PostSuspensionAction[];
    }
  | { kind: "reject"; code: string; reason: string };

export interface DirectoryUser {
  userId: string;
  /** Lower-case. */
  email: string;
  status: UserStatus;
  licenseType: string | undefined;
  /** A room or another shared device: nobody of HR. */
  device?: true;
}

/** `invited`: an invitation is out, and the person has not registered yet. */
export type UserStatus = "registered" | "invited" | "suspended" | "unregistered";

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
export function isActive({ status }: DirectoryUser): boolean {
  return status !== "suspended";
}

export function isPerson({ device }: DirectoryUser): boolean {
  return device === undefined;
}

export const addressShared: Failure = {
  class: "permanent",
  code: "AddressShared",
  message:
    "two active users of the account have this address; suspend or rename the one that is too many in the account, and redrive the message",
};

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
export function checkCall(call: DirectoryCall, limits: Readonly<Record<BatchOperation, number>>): void {
  const { operation, accountId, entries } = call;
  const fault = (text: string) => new RangeError(`${operation} on account ${accountId}: ${text}`);
  if (entries.length === 0) throw fault("the call is empty; plan no call for nobody");
  if (entries.length > limits[operation]) {
    throw fault(`${entries.length} entries, but a call carries at most ${limits[operation]}`);
  }
  const targets = new Set(
    entries.map(({ target }) => (operation === "invite" ? target.toLowerCase() : target)),
  );
  if (targets.size < entries.length) throw fault("the same target stands twice in one call");
  if (entries.some(({ target }) => target.trim() === "")) throw fault("a target is blank");
  if (operation === "updateLicense" && entries.some(({ licenseType }) => !licenseType)) {
    throw fault("an entry has no license to change to");
  }
}
