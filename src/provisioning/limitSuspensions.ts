import {
  attempt,
  type Budget,
  type Directory,
  type Failure,
  type Found,
  type TargetResult,
} from "../directory/directory.ts";
import type { HeldRule } from "../ledger/pendingStore.ts";
import type { SuspensionLimits } from "../policy/suspensionLimits.ts";
import type { AdmissionRequest, Receipt } from "../safeguard/decideAdmission.ts";
import { admit, giveBack, type Safeguard } from "../safeguard/safeguard.ts";
import type { PersonDecisions, ScopedDecision } from "./decision.ts";
import { groupBy } from "./groupByPerson.ts";
import { ledgerUnavailable, type Outcome, outcomeOfFailure, type PersonResult } from "./outcome.ts";
import { type PerformedCall, type PerformOptions, performCalls } from "./performCalls.ts";
import type { PlannedCall } from "./planCalls.ts";

export interface LimitedResults {
  calls: PerformedCall[];
  verdicts: PersonResult[];
  /** Whose suspension the safeguard counts: because it was done, or because nobody knows. */
  counted: PersonDecisions<ScopedDecision>[];
}

/**
 * Makes the calls that the safeguard lets pass, and takes off its count again who was not suspended after all, so that
 * whoever is tried once more is not counted twice.
 */
export async function performLimited(
  planned: readonly PlannedCall[],
  context: LimitContext & PerformOptions,
): Promise<LimitedResults> {
  const guarded = await limitSuspensions(planned, context);
  const calls = await performCalls(guarded.calls, context);
  const counted: PersonDecisions<ScopedDecision>[] = [];
  for (const { accountId, suspensions, receipt } of guarded.counted) {
    const isUnused = unusedIn(accountId, calls);
    const used = suspensions.filter((suspension) => !isUnused(suspension));
    await giveBack(context.safeguard, accountId, receipt, suspensions.length - used.length);
    counted.push(...used.flatMap(({ groups }) => groups));
  }
  return { calls, verdicts: guarded.verdicts, counted };
}

function unusedIn(
  accountId: CountedSuspensions["accountId"],
  performed: readonly PerformedCall[],
): (suspension: Suspension) => boolean {
  const results = performed
    .filter(({ call }) => call.operation === "suspend" && call.accountId === accountId)
    .map((call) => call.results);
  return ({ target }) => {
    const ofTarget = results.flatMap((result) => result.get(target) ?? []);
    return ofTarget.length > 0 && ofTarget.every(isWithoutEffect);
  };
}

/** In doubt a suspension counts: a call without an answer, or with one that nobody understands, may have worked. */
function isWithoutEffect(result: TargetResult): boolean {
  return (
    result.kind === "failed" && result.failure.mayStillHappen !== true && result.failure.class !== "unknown"
  );
}

type Person = PersonDecisions<ScopedDecision>;

export interface LimitContext extends AdmitContext {
  /**
   * Whether the person's decision passes without being counted: an operator has released it, or it was counted at an
   * earlier try that nobody knows the end of.
   */
  passesUncounted: (person: Person) => boolean;
}

export interface LimitedCalls {
  calls: readonly PlannedCall[];
  /** Of those who may not be suspended now. */
  verdicts: PersonResult[];
  counted: CountedSuspensions[];
}

/** Who of an account was counted, to take off again those who were not suspended. */
interface CountedSuspensions {
  accountId: string;
  suspensions: readonly Suspension[];
  receipt: Receipt;
}

/** Calls in; those that the safeguard lets pass out, as few as can be. Only suspensions are asked about. */
async function limitSuspensions(calls: readonly PlannedCall[], context: LimitContext): Promise<LimitedCalls> {
  const others = calls.filter(({ operation }) => operation !== "suspend");
  const suspensions = calls.filter(({ operation }) => operation === "suspend");
  const guarded: LimitedCalls[] = [{ calls: others, verdicts: [], counted: [] }];
  for (const [accountId, ofAccount] of groupBy(suspensions, (call) => call.accountId)) {
    const limits = context.safeguard.limitsOf(accountId);
    guarded.push(
      limits === undefined
        ? { calls: ofAccount, verdicts: [], counted: [] }
        : await limitAccount(accountId, ofAccount, limits, context),
    );
  }
  return {
    calls: guarded.flatMap((part) => part.calls),
    verdicts: guarded.flatMap((part) => part.verdicts),
    counted: guarded.flatMap((part) => part.counted),
  };
}

async function limitAccount(
  accountId: string,
  calls: readonly PlannedCall[],
  limits: SuspensionLimits,
  context: LimitContext,
): Promise<LimitedCalls> {
  const asking = calls
    .flatMap(({ entries }) => entries)
    .filter(({ groups }) => !groups.some(context.passesUncounted));
  if (asking.length === 0) return { calls, verdicts: [], counted: [] };
  const admission = await admitSuspensions(accountId, asking, limits, context);
  const passed = admission.kind === "decided" ? admission.passed : [];
  const stopped = new Set(asking);
  for (const suspension of passed) stopped.delete(suspension);
  return {
    calls: stopped.size === 0 ? calls : repack(accountId, calls, stopped, context),
    verdicts: [...stopped].flatMap(({ groups }) =>
      groups.map((group) => ({ group, outcome: outcomeFor(group, admission) })),
    ),
    counted:
      admission.kind === "decided" ? [{ accountId, suspensions: passed, receipt: admission.receipt }] : [],
  };
}

/** The same calls without those who were stopped, filled up again. */
function repack(
  accountId: string,
  calls: readonly PlannedCall[],
  stopped: ReadonlySet<Suspension>,
  { directory }: LimitContext,
): PlannedCall[] {
  const limit = directory.limits.suspend;
  const left = calls.flatMap(({ entries }) => entries).filter((entry) => !stopped.has(entry));
  return Array.from({ length: Math.ceil(left.length / limit) }, (_, index) => ({
    operation: "suspend",
    accountId,
    entries: left.slice(index * limit, (index + 1) * limit),
  }));
}

function outcomeFor({ newest }: Person, admission: Admission): Outcome {
  switch (admission.kind) {
    case "decided":
      return { kind: "held", rule: admission.heldBy ?? "SuspensionLimit" };
    case "failed":
      return outcomeOfFailure(admission.failure, newest.receiveCount);
    case "fault":
      return ledgerUnavailable(admission);
  }
}

type Suspension = PlannedCall["entries"][number];

interface AdmitContext {
  safeguard: Safeguard;
  directory: Directory;
  budget: Budget;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

/** Who of one account may be suspended now, and why the others may not. */
type Admission =
  | { kind: "decided"; passed: readonly Suspension[]; receipt: Receipt; heldBy: HeldRule | undefined }
  /** The active users could not be counted. */
  | { kind: "failed"; failure: Failure }
  | { kind: "fault"; reason: string };

/** Asks the safeguard about the suspensions of one account; counts its active users if the answer depends on them. */
async function admitSuspensions(
  accountId: string,
  suspensions: readonly Suspension[],
  limits: SuspensionLimits,
  context: AdmitContext,
): Promise<Admission> {
  const immediate = suspensions.filter(isImmediate);
  const others = suspensions.filter((suspension) => !isImmediate(suspension));
  const request: AdmissionRequest = { immediate: immediate.length, others: others.length };
  const ask = (activeUsers?: number) => {
    const asked = activeUsers === undefined ? request : { ...request, activeUsers };
    return admit(context.safeguard, accountId, asked, limits, context.clock());
  };
  let verdict = await ask();
  if (verdict.kind === "uncounted") {
    const active = await countActiveUsers(accountId, context);
    if (active.kind === "failed") return active;
    verdict = await ask(active.value);
  }
  switch (verdict.kind) {
    case "decided": {
      const { passed, receipt, heldBy } = verdict;
      const first = [...immediate.slice(0, passed.immediate), ...others.slice(0, passed.others)];
      return { kind: "decided", passed: first, receipt, heldBy };
    }
    case "fault":
      return verdict;
    case "uncounted":
      throw new Error(`expected a verdict on account ${accountId}, whose users have just been counted`);
  }
}

function isImmediate({ groups }: Suspension): boolean {
  return groups.some(({ newest }) => newest.urgent);
}

/** Counts an account's users who are registered and not suspended: a call for each page of its directory. */
async function countActiveUsers(
  accountId: string,
  { directory, budget }: { directory: Directory; budget: Budget },
): Promise<Found<number>> {
  let count = 0;
  let pageToken: string | undefined;
  do {
    const page = await attempt(budget, (time) => directory.listUsers(accountId, pageToken, time));
    if (page.kind === "failed") return page;
    count += page.value.users.filter(({ status }) => status === "registered").length;
    pageToken = page.value.nextPageToken;
  } while (pageToken !== undefined);
  return { kind: "found", value: count };
}
