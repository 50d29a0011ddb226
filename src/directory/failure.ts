/**
 * Why a call, or one user of a call, failed, in the drain's words.
 *
 * - `throttled`, `transient`: the same call later may well pass.
 * - `contended`: the state changed under the call; worth a bounded number of tries.
 * - `configuration`: credentials, account or permissions; every user would fail alike, none is to blame.
 * - `invalidCall`: the service refused the call as a whole, so one of its entries is poisonous.
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
