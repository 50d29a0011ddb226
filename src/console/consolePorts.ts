import type { Administration } from "../directory/administration.ts";
import type { Directory } from "../directory/directory.ts";
import type { EventLine } from "../events/eventLines.ts";
import type { PublishedLine } from "../events/publishEvents.ts";
import type { Discards, HeldDecisions, OperatorActs, Redrives } from "../ledger/operatorDecisions.ts";
import type { PendingStore } from "../ledger/pendingStore.ts";
import type { History } from "../ledger/personHistory.ts";
import type { PublishRefusal, PublishReport } from "../operations/publishLines.ts";
import type { PolicyInspection } from "../operations/settings/inspectPolicy.ts";
import type { Policy } from "../policy/policy.ts";
import type { DeadLetterQueue } from "../queue/deadLetterQueue.ts";
import type { QueueDepths } from "../queue/queueDepths.ts";
import type { RosterAddresses, RosterMemory } from "../reconcile/rosterPorts.ts";
import type { PauseStore } from "../safeguard/pauses.ts";
import type { SafeguardStore } from "../safeguard/safeguardState.ts";

/** What the console works on, for the banner that stands on every page. */
export interface ConsoleTarget {
  /** As every command tells it: `stage prod, account 123456789012, eu-central-1`. */
  text: string;
  stage: string | undefined;
  /** The ARN of who calls AWS. */
  caller: string | undefined;
  /** The stack is on this computer: nothing here costs anything, and nothing is real. */
  isLocal: boolean;
}

/** The ports of the operations that the pages show, on one target; they stay open as long as the console. */
export interface ConsolePorts {
  target: ConsoleTarget;
  table: string;
  stack: string;
  history: History;
  pending: Pick<PendingStore, "list">;
  held: HeldDecisions;
  safeguard: SafeguardStore;
  pauses: Pick<PauseStore, "list">;
  queues: QueueDepths;
  openDeadLetterQueues: () => Promise<readonly DeadLetterQueue[]>;
  discards: Discards;
  redrives: Redrives;
  /** Publishes one line on the target's bus. */
  publishOne: (line: string, signal: AbortSignal) => Promise<PublishedLine | PublishRefusal>;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** The database's own time, once it has answered. */
  databaseNow: () => number;
  /** Who acts, for the journal; or why nobody knows, so that nothing can be changed. */
  actor: { kind: "known"; name: string } | { kind: "unknown"; because: string };
  /** Reads the policy anew, so that a change of the file is seen. */
  loadPolicy: () => LoadedPolicy;
  readPolicy: () => PolicyReading;
  /** Opens the directories of a policy's accounts, passes them to `use`, and closes them again. */
  withDirectories: <T>(policy: Policy, use: (open: OpenDirectories) => Promise<T>) => Promise<T>;
  /** What operators did past the events. */
  acts: Pick<OperatorActs, "record">;
  rosterAddresses: (policy: Policy) => RosterAddresses;
  rosterMemory: RosterMemory;
  /** Publishes lines on the target's bus. `onProgress` is told how many are through. */
  publishAll: (
    lines: AsyncIterable<EventLine>,
    signal: AbortSignal,
    onProgress: (events: number) => void,
  ) => Promise<PublishReport | PublishRefusal>;
  /** Why a request failed, in words. Rethrows what no request caused. */
  explainFailure: (error: unknown) => string;
  /** The command that does the same, to paste. */
  commandLine: (command: ConsoleCommand, words?: CommandWords) => string;
}

interface OpenDirectories {
  directory: Directory;
  administration: Administration;
  /** Ids, in the policy's order. */
  accounts: string[];
}

/** The policy's file, and what is right or wrong with it. */
export type PolicyReading =
  | { kind: "none" }
  | { kind: "unreadable"; file: string; message: string }
  | { kind: "inspected"; file: string; inspection: PolicyInspection };

type LoadedPolicy = { kind: "loaded"; policy: Policy | undefined } | { kind: "failed"; message: string };

/** The commands that do what the pages do. */
export type ConsoleCommand =
  | "status"
  | "history"
  | "held list"
  | "held release"
  | "held discard"
  | "safeguard reset"
  | "safeguard allow"
  | "resume"
  | "pending"
  | "plan"
  | "sync"
  | "user show"
  | "user sign-out"
  | "user reset-pin"
  | "dlq list"
  | "dlq show"
  | "dlq redrive"
  | "dlq discard"
  | "dlq edit";

/** What follows the target on a command line: options by their names, some of them more than once, and then ids. */
export interface CommandWords {
  options?: Readonly<Record<string, string | readonly string[] | undefined>>;
  ids?: readonly string[];
}

/** How the console hears of news: the local stack tells, and AWS is asked again and again. */
export type LiveSource =
  /** Calls the listener whenever something may have changed, until the returned function is called. */
  { kind: "push"; subscribe: (onChange: () => void) => () => void } | { kind: "poll"; everySeconds: number };
