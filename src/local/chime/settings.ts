import type { ExceptionName } from "./exceptions.ts";

/** Where the documentation leaves the service's behaviour open, or where the simulator is stricter than it. */
export interface SimulatorSettings {
  /** Refuses a call that carries a user twice: the service may not mind, but it is a call badly made. */
  refuseDuplicates: boolean;
  /**
   * What becomes of a suspended user of a Team account until the next invitation. `listed`: still there, with
   * the status `Suspended`. `absent`: unknown to every operation but the invitation. See `suspensions.ts`.
   */
  suspendedTeamUsers: "listed" | "absent";
  /** The answer to an operation that the account's type does not have. */
  wrongAccountTypeError: ExceptionName;
  /** The answer on an account whose `AccountStatus` is `Suspended`. */
  suspendedAccountError: ExceptionName;
  /** A larger body is refused. 50 ids or addresses of the usual length take 4 kB. */
  maximumBodyBytes: number;
}

export const defaultSettings: SimulatorSettings = {
  refuseDuplicates: true,
  suspendedTeamUsers: "listed",
  wrongAccountTypeError: "BadRequestException",
  suspendedAccountError: "ForbiddenException",
  maximumBodyBytes: 256 * 1024,
};
