import type { Intent } from "../pipelines.ts";
import type { Failure } from "./failure.ts";

/**
 * The port to the accounts whose users follow HR. Amazon Chime is the first adapter (`chime/`); the drain
 * knows only what stands here.
 */
export interface Directory {
  /** How many entries one call of each operation may carry. */
  readonly limits: Readonly<Record<BatchOperation, number>>;
  /** Throws `DirectoryError`. */
  getAccount(accountId: string, budget: CallBudget): Promise<DirectoryAccount>;
  /** One page of the whole directory, in the service's order. Throws `DirectoryError`. */
  listUsers(accountId: string, pageToken: string | undefined, budget: CallBudget): Promise<UserPage>;
  /** The user whose current address this is, compared case-insensitively. Throws `DirectoryError`. */
  findUser(accountId: string, email: string, budget: CallBudget): Promise<DirectoryUser | undefined>;
  /**
   * Makes one batch call. The answer holds exactly one result for each entry's target: what the service's
   * answer leaves out counts as failed. Throws `DirectoryError` if the call failed as a whole, and
   * `RangeError` for a call that the service would refuse (empty, too long, a duplicate target).
   */
  perform(call: DirectoryCall, budget: CallBudget): Promise<CallAnswer>;
}

export type BatchOperation = "suspend" | "unsuspend" | "invite" | "updateLicense" | Closing;

/** What may follow a suspension. A service does it to one user a call, so the limit of each may well be 1. */
export type Closing = "signOut" | "resetPin";

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
  /** Whom the entry is about: an e-mail address for `invite`, a user id for all others. */
  target: string;
  /** Only for `updateLicense`, and there always. */
  licenseType?: string;
}

export interface CallAnswer {
  /** The service's id of the call, for the audit trail and for its support. */
  requestId: string | undefined;
  results: ReadonlyMap<string, TargetResult>;
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
  /** What an account of this type answers to each intent. */
  answers: Readonly<Record<Intent, IntentAnswer>>;
}

export type IntentAnswer =
  | {
      kind: "call";
      operation: BatchOperation;
      whenUserIsUnknown: "reject" | "await";
      /** What the call does not do by itself, and what may be asked for after it. */
      closings?: readonly Closing[];
    }
  | { kind: "reject"; code: string; reason: string };

export interface DirectoryUser {
  userId: string;
  /** Lower-case. */
  email: string;
  status: UserStatus;
  licenseType: string | undefined;
}

/** `invited`: an invitation is out, and the person has not registered yet. */
export type UserStatus = "registered" | "invited" | "suspended" | "unregistered";

export interface UserPage {
  users: readonly DirectoryUser[];
  nextPageToken: string | undefined;
}
