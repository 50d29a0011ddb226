import type { EventLine } from "../events/eventLines.ts";
import { rosterOrigin } from "../events/hrEvent.ts";
import { trialFinder } from "../policy/observation.ts";
import type { Policy } from "../policy/policy.ts";
import type { RosterField, RosterSettings } from "../policy/rosterSettings.ts";
import { groupBy } from "../provisioning/groupByPerson.ts";
import type { Conflict, Unclear } from "../reconcile/mergeRows.ts";
import { eventLines, type RosterPlan, readMergedRoster, reconcileRoster } from "../reconcile/planRoster.ts";
import {
  type BrokenRoster,
  type ReadRosterOptions,
  readingOptions,
} from "../reconcile/reading/readRoster.ts";
import type { RosterUnderstanding } from "../reconcile/reading/understanding.ts";
import type { Finding, RosterChange } from "../reconcile/rosterChange.ts";
import type { RosterAddresses, RosterDirectory, RosterMemory } from "../reconcile/rosterPorts.ts";
import { findPause, type Pause } from "../safeguard/pauses.ts";
import { type Redact, redactForDisplay } from "./displayText.ts";
import { type PauseView, toPauseView } from "./operatePauses.ts";
import { isClean, type PublishRefusal, type PublishReport } from "./publishLines.ts";

/** A full export of the HR system, and how to read it. What is left out is as the policy says. */
export interface ReconcileRequest {
  /** CSV or JSON. */
  bytes: AsyncIterable<Uint8Array>;
  policy: Policy;
  /** When the roster was true, in milliseconds since the epoch. */
  asOf: number;
  column?: Partial<Record<RosterField, string>>;
  absent?: RosterSettings["absent"];
  /** How many rows the roster must have. */
  rows?: number;
  leastPercent?: number;
}

export interface PlanPorts {
  /** Remembers the last roster; without one, the size of this roster is compared with the directory only. */
  memory?: Pick<RosterMemory, "recall">;
  /** Reading it throws `DirectoryError`. */
  directory: RosterDirectory;
  /** Left out where the ledger is not asked. */
  addresses?: RosterAddresses;
  /** The accounts whose latch is closed, and since when (milliseconds since the epoch); left out where nobody knows. */
  closedLatches?: ReadonlyMap<string, number>;
  /** The pauses in force; left out where nobody knows. */
  pauses?: readonly Pause[];
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Why a roster must not be compared with the directory. */
export type UnusableRoster =
  /** Its time is still to come. */
  | { kind: "fromTheFuture"; asOf: number }
  | BrokenRoster
  /** Its size or its time says that it must not be used. */
  | { kind: "rejected"; reason: string };

export type RosterPlanning = { kind: "planned"; plan: RosterPlan; report: PlanReport } | UnusableRoster;

/**
 * Compares a roster with the directory, and changes nothing. The directory is read only for a roster that can be
 * believed. Throws what the ports throw.
 */
export async function planRoster(request: ReconcileRequest, ports: PlanPorts): Promise<RosterPlanning> {
  const { asOf, policy, rows } = request;
  if (asOf > ports.now()) return { kind: "fromTheFuture", asOf };
  const settings = settingsOf(request);
  const last = await ports.memory?.recall();
  const read = await readMergedRoster(request.bytes, asOf, {
    ...settings,
    ...(rows !== undefined && { expectedRows: rows }),
  });
  if (read.kind === "broken") return read;
  const { roster, understanding } = read;
  const reconciliation = await reconcileRoster({ roster, asOf, last, policy, settings }, ports);
  if (reconciliation.kind === "rejected") return reconciliation;
  const { plan } = reconciliation;
  const { closedLatches, pauses } = ports;
  const told = { policy, closedLatches, pauses, understanding };
  return { kind: "planned", plan, report: toPlanReport(plan, told, redactForDisplay()) };
}

function settingsOf({ policy, column, absent, leastPercent }: ReconcileRequest): ReadRosterOptions {
  return {
    ...readingOptions(policy, column),
    ...(absent !== undefined && { absent }),
    ...(leastPercent !== undefined && { leastPercent }),
  };
}

export interface SyncPorts extends PlanPorts {
  memory: RosterMemory;
  /** Told what would change, before `confirm` is asked. */
  onPlanned: (report: PlanReport) => void;
  /** Asked before anything is published, unless there is nothing to do. */
  confirm: (report: PlanReport) => Promise<boolean>;
  publish: (lines: AsyncIterable<EventLine>) => Promise<PublishReport | PublishRefusal>;
  /** Called before the roster is remembered: if that fails, it is known all the same what was published. */
  onPublished: (report: PublishReport) => void;
}

export type RosterSync =
  | { kind: "published" }
  | { kind: "nothingToDo" }
  | { kind: "declined" }
  | PublishRefusal
  | UnusableRoster;

/**
 * Publishes the events that bring the directory to a roster. The roster is remembered once the bus has accepted all of
 * them, or if there was nothing to do. Throws what the ports throw.
 */
export async function syncRoster(request: ReconcileRequest, ports: SyncPorts): Promise<RosterSync> {
  const planning = await planRoster(request, ports);
  if (planning.kind !== "planned") return planning;
  const { plan, report } = planning;
  const remember = () => ports.memory.remember({ present: plan.counts.present, asOf: plan.asOf });
  ports.onPlanned(report);
  if (plan.changes.length === 0) {
    await remember();
    return { kind: "nothingToDo" };
  }
  if (!(await ports.confirm(report))) return { kind: "declined" };
  const published = await ports.publish(eventLines(plan.changes));
  if ("kind" in published) return published;
  ports.onPublished(published);
  if (isClean(published)) await remember();
  return { kind: "published" };
}

/** One change, or one finding, about one person or account. */
export interface PlanEntry {
  kind: RosterChange["kind"] | Finding["kind"];
  /** `null` where there is none, as of an account without a row. */
  personId: string | null;
  email: string | null;
  accountId: string | null;
  /** What else there is to know: the license, the rule, the reason. */
  detail: string | null;
}

/** What a roster would change. Times are ISO 8601 in UTC. */
export interface PlanReport extends Pick<RosterPlan, "calls" | "held" | "deletions" | "directory"> {
  asOf: string;
  /** What was understood of the roster's form. */
  read: RosterUnderstanding;
  roster: RosterPlan["counts"];
  /** The accounts whose latch is closed, so that all these suspensions will be held; `null` where nobody knows. */
  latched: { accountId: string; leavers: number; since: string }[] | null;
  /** The pauses in force that stop some of the changes, and how many; `null` where nobody knows. */
  paused: { pause: PauseView; changes: number }[] | null;
  changes: PlanEntry[];
  findings: PlanEntry[];
  /** The policy's trials that observe some of the changes: these are journalled, and not carried out. */
  observed: { trial: string; changes: number }[];
}

interface ToldOfPlan {
  policy: Policy;
  closedLatches: PlanPorts["closedLatches"];
  pauses: PlanPorts["pauses"];
  understanding: RosterUnderstanding;
}

function toPlanReport(
  plan: RosterPlan,
  { policy, closedLatches, pauses, understanding }: ToldOfPlan,
  redact: Redact,
): PlanReport {
  const { asOf, counts, directory, calls, held, deletions, changes, findings } = plan;
  const redacted = (entry: PlanEntry): PlanEntry => ({
    kind: entry.kind,
    personId: entry.personId && redact(entry.personId),
    email: entry.email && redact(entry.email),
    accountId: entry.accountId,
    detail: entry.detail && redact(entry.detail),
  });
  return {
    asOf: new Date(asOf).toISOString(),
    read: understanding,
    roster: counts,
    directory,
    calls,
    held,
    deletions,
    latched: closedLatches === undefined ? null : latchedIn(calls, closedLatches),
    paused: pauses === undefined ? null : countPaused(changes, pauses, redact),
    changes: changes.map((change) => redacted(ofChange(change))),
    findings: findings.map((finding) => redacted(ofFinding(finding))),
    observed: countTrials(changes, policy),
  };
}

function countTrials(changes: readonly RosterChange[], policy: Policy): PlanReport["observed"] {
  const findTrial = trialFinder(policy);
  const trials = groupBy(changes, ({ desired }) => findTrial({ ...desired, origin: rosterOrigin })?.name);
  return [...trials].flatMap(([trial, ofTrial]) =>
    trial === undefined ? [] : [{ trial, changes: ofTrial.length }],
  );
}

function countPaused(
  changes: readonly RosterChange[],
  pauses: readonly Pause[],
  redact: Redact,
): NonNullable<PlanReport["paused"]> {
  const stopped = groupBy(changes, ({ desired: { accountId: account, group } }) =>
    findPause(pauses, { pipeline: group.newest.intent, account }),
  );
  return [...stopped].flatMap(([pause, { length }]) =>
    pause === undefined ? [] : [{ pause: toPauseView(pause, redact), changes: length }],
  );
}

function latchedIn(
  calls: PlanReport["calls"],
  closedLatches: ReadonlyMap<string, number>,
): NonNullable<PlanReport["latched"]> {
  return calls.flatMap(({ accountId, operation, users: leavers }) => {
    const closedAt = closedLatches.get(accountId);
    if (operation !== "suspend" || closedAt === undefined) return [];
    return [{ accountId, leavers, since: new Date(closedAt).toISOString() }];
  });
}

function ofChange({ kind, desired, user }: RosterChange): PlanEntry {
  const { personId, email } = desired.group.newest;
  const { accountId, license = "" } = desired;
  const detail = kind === "license" ? `${user?.license ?? "the account's license"} to ${license}` : null;
  return { kind, personId, email, accountId, detail };
}

function ofFinding(finding: Finding): PlanEntry {
  const { kind } = finding;
  switch (kind) {
    case "conflict":
      return { kind, ...ofConflict(finding.conflict) };
    case "excluded": {
      const { email, personId = null, rule } = finding;
      return { kind, personId, email, accountId: null, detail: rule };
    }
    case "unlisted": {
      const { email, accountId, user } = finding;
      return { kind, personId: null, email, accountId, detail: `user ${user.userId}, ${user.state}` };
    }
    case "awaited": {
      const { email, accountId, personId } = finding;
      return { kind, personId, email, accountId, detail: null };
    }
    case "impossible": {
      const { email, accountId, personId, code, reason } = finding;
      return { kind, personId, email, accountId, detail: `${code}: ${reason}` };
    }
  }
}

function ofConflict(conflict: Conflict): Omit<PlanEntry, "kind"> {
  switch (conflict.kind) {
    case "personTwice": {
      const detail = `rows ${conflict.rows.join(", ")} differ in address, role, license or attributes`;
      return { personId: conflict.personId, email: null, accountId: null, detail };
    }
    case "addressTwice": {
      const detail = `the one address of ${conflict.personIds.join(", ")}`;
      return { personId: null, email: conflict.email, accountId: null, detail };
    }
    case "userTwice": {
      const { email, accountId, personIds } = conflict;
      return { personId: null, email, accountId, detail: `an earlier address of ${personIds.join(", ")}` };
    }
    case "idOfAnother": {
      const { email, personId, row } = conflict;
      const detail = `row ${row}: the ledger knows the id under an address that is somebody else's by now: do two people share it? If it is one person, name the earlier address in a column for previous addresses`;
      return { personId, email, accountId: null, detail };
    }
    case "unclear": {
      const { email, personId, row, because } = conflict;
      return { personId, email, accountId: null, detail: `row ${row}: ${unclearTexts[because]}` };
    }
    case "twoUsers":
    case "secondAccount":
    case "leaverElsewhere": {
      const { kind, personId, email, accountId } = conflict;
      return { personId, email, accountId, detail: conflictsOfUsers[kind] };
    }
  }
}

const unclearTexts: Record<Unclear, string> = {
  statusMissing: "the status is empty, although others are not",
  statusesDiffer:
    "one column of a status says that the person is there, and another one that they have left; name the one that counts in the policy's roster.columns",
  endedLongAgo:
    "the status says that the person is there, and the last day was more than a month ago: is it that of an earlier employment?",
};

const conflictsOfUsers = {
  twoUsers: "two active users have the address",
  secondAccount: "a further account of the person, which stays as it is",
  leaverElsewhere:
    "has left and keeps access here, while the roster leads to another user: suspend the user by hand",
};
