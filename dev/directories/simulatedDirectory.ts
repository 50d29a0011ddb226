import type { Seed } from "@rollcall/simulated-service/seededDraws";

/**
 * A directory service that runs on this machine: what the demo day, the chaos run and its oracle know of one. Each implementation
 * starts with accounts, people, a seed and a clock, and puts the words of its service into these.
 */
export interface SimulatedDirectory {
  /** As people know the service. */
  name: string;
  /** Variables of the functions' environment, by which they reach it. */
  environment: Readonly<Record<string, string>>;
  accounts: readonly { accountId: string; type: string }[];
  /** The users now, as the service has them, shown or not. @throws if the account is unknown */
  users(accountId: string): DirectoryUserNow[];
  /** @param address in any case */
  user(accountId: string, address: string): DirectoryUserNow | undefined;
  /** What calls have changed so far, in the order of the calls, whether or not their callers were answered. */
  changes(): DirectoryChange[];
  /** The calls so far that mailed invitations, in their order. */
  invitations(): InvitingCall[];
  /** The calls so far, by the service's own names of operations. */
  calls(): Record<string, { calls: number; users: number }>;
  /**
   * Lets calls fail from now on, as follows from the seed, from the people and from how often a call carried them: in whatever order
   * calls arrive. To be called once.
   *
   * @param onCall told of each call as it arrives
   */
  injectFaults(seed: Seed, onCall: (call: ArrivedCall) => void): InjectedFaults;
  /** May be called again. */
  close(): Promise<void>;
}

export interface DirectoryUserNow {
  /** Lower-case. */
  address: string;
  /** `unregistered`: was invited once, and no invitation is open. */
  state: "registered" | "invited" | "unregistered" | "suspended";
  license: string;
}

/** A change of a user, whether or not its caller received a response. */
export interface DirectoryChange {
  accountId: string;
  /** Lower-case. */
  address: string;
  /** No decision is about a session or a PIN alone: both end with a suspension. */
  aspect: "access" | "license" | "session" | "pin";
  /** As in a decision: `in`, `out` or the name of a license; `ended` for a session, `replaced` for a PIN. */
  result: string;
  /** Whether an invitation was mailed. */
  isMail: boolean;
  requestId: string;
  /** Milliseconds since the epoch. The effect came no earlier. */
  at: number;
}

/** A call that mailed invitations. */
export interface InvitingCall {
  requestId: string;
  /** When it arrived. Milliseconds since the epoch. */
  at: number;
  mails: number;
  /** Its caller was sent an answer that can be read. */
  isAnswered: boolean;
}

/** What a decision changes in the directory. */
export type ChangeKind = "letIn" | "suspend" | "license";

export interface ArrivedCall {
  /** The kind of change, if it is one: a function's process may be killed at it. */
  change?: ChangeKind;
}

/** What faults were injected, and what the oracle has to know of them. */
export interface InjectedFaults {
  /** Faults of whole calls, by their names. */
  counts(): Record<string, number>;
  /** Calls that took effect, and whose answer was lost. */
  lostAnswers(): number;
  /** The code of the dead letter where the service refuses this change of this person whenever it is asked for. */
  refusalOf(accountId: string, change: ChangeKind, address: string): string | undefined;
  /** The code of the dead letter where it refuses every call that carries this person. */
  poisonOf(address: string): string | undefined;
  /** The codes by which a whole call is refused because of one of its entries. */
  poisonCodes: readonly string[];
  /** Codes of failures that may be transient or not, as dead letters have them after many tries. */
  codesOfUnknownCause: readonly string[];
  /** Whether the call of this request id answered that it had changed this person, and had changed nothing. */
  liedAbout(requestId: string, address: string): boolean;
}
