import {
  attempt,
  type Budget,
  type Directory,
  type Failure,
  type Found,
  isPerson,
  type TargetResult,
} from "../directory/directory.ts";
import type { HeldRule } from "../ledger/pendingStore.ts";
import type { SuspensionLimits } from "../policy/suspensionLimits.ts";
import type { AdmissionRequest, Receipt } from "../safeguard/decideAdmission.ts";
import { admit, giveBack, type Safeguard } from "../safeguard/safeguard.ts";
import { defect, guarded } from "./boundary.ts";
import type { PersonDecisions, ScopedDecision } from "./decision.ts";
import { groupBy } from "./groupByPerson.ts";
import { ledgerUnavailable, type Outcome, outcomeOfFailure, type PersonResult } from "./outcome.ts";
import type { PerformedCall } from "./performCalls.ts";
import { type FindCallLimits, type PlannedCall, splitIntoCalls } from "./planCalls.ts";

export interface LimitContext {
  safeguard: Safeguard;
  directory: Directory;
  budget: Budget;
  /** Milliseconds since the epoch. */
  clock: () => number;
  callLimitsOf: FindCallLimits;
  /** Whether the group's suspension needs no admission: it was released, or counted at an earlier try. */
  passesUncounted: (group: PersonDecisions<ScopedDecision>) => boolean;
}

export interface LimitedCalls {
  calls: readonly PlannedCall[];
  /** Of the people who may not be suspended now. */
  stopped: PersonResult[];
  admitted: AdmittedSuspensions[];
}

/** The suspensions of one account that the safeguard has counted, and the receipt to return unused ones with. */
export interface AdmittedSuspensions {
  accountId: string;
  suspensions: readonly Suspension[];
  receipt: Receipt;
}

type Suspension = PlannedCall["entries"][number];

/**
 * Applies the safeguard's suspension limit to planned calls, account by account. The admitted suspensions are packed into as
 * few calls as can be; all other operations pass.
 */
export async function limitSuspensions(
  calls: readonly PlannedCall[],
  context: LimitContext,
): Promise<LimitedCalls> {
  const others = calls.filter(({ operation }) => operation !== "suspend");
  const suspensions = calls.filter(({ operation }) => operation === "suspend");
  const parts: LimitedCalls[] = [{ calls: others, stopped: [], admitted: [] }];
  for (const [accountId, ofAccount] of groupBy(suspensions, (call) => call.accountId)) {
    const limits = context.safeguard.limitsOf(accountId);
    parts.push(
      limits === undefined
        ? { calls: ofAccount, stopped: [], admitted: [] }
        : await limitAccount(accountId, ofAccount, limits, context),
    );
  }
  return {
    calls: parts.flatMap((part) => part.calls),
    stopped: parts.flatMap((part) => part.stopped),
    admitted: parts.flatMap((part) => part.admitted),
  };
}

async function limitAccount(
  accountId: string,
  calls: readonly PlannedCall[],
  limits: SuspensionLimits,
  context: LimitContext,
): Promise<LimitedCalls> {
  const sorted = sortSuspensions(calls, context);
  const toCount = [...sorted.immediate, ...sorted.others];
  const stopped = new Map(sorted.broken);
  const admitted: AdmittedSuspensions[] = [];
  if (toCount.length > 0) {
    const admission = await requestAdmission(accountId, sorted, limits, context);
    const passed = admission.kind === "decided" ? admission.passed : [];
    for (const suspension of toCount) stopped.set(suspension, (group) => toOutcome(group, admission));
    for (const suspension of passed) stopped.delete(suspension);
    if (admission.kind === "decided")
      admitted.push({ accountId, suspensions: passed, receipt: admission.receipt });
  }
  return {
    calls: stopped.size === 0 ? calls : repack(accountId, calls, stopped, context),
    stopped: [...stopped].flatMap(([{ groups }, outcomeOf]) =>
      groups.map((group) => ({ group, outcome: guarded(() => outcomeOf(group), defect) })),
    ),
    admitted,
  };
}

interface SortedSuspensions {
  immediate: Suspension[];
  others: Suspension[];
  /** Those whose sorting threw: they stop before anybody is counted. */
  broken: Map<Suspension, OutcomeOf>;
}

type OutcomeOf = (group: PersonDecisions<ScopedDecision>) => Outcome;

/** Sorts the suspensions that the safeguard is asked about; those that pass uncounted are left out. */
function sortSuspensions(
  calls: readonly PlannedCall[],
  { passesUncounted }: LimitContext,
): SortedSuspensions {
  const sorted: SortedSuspensions = { immediate: [], others: [], broken: new Map() };
  for (const suspension of calls.flatMap(({ entries }) => entries))
    guarded<void>(
      () => {
        if (suspension.groups.some(passesUncounted)) return;
        (isImmediate(suspension) ? sorted.immediate : sorted.others).push(suspension);
      },
      (error) => void sorted.broken.set(suspension, () => defect(error)),
    );
  return sorted;
}

/** The same calls without the stopped suspensions, filled up again. */
function repack(
  accountId: string,
  calls: readonly PlannedCall[],
  stopped: ReadonlyMap<Suspension, OutcomeOf>,
  { callLimitsOf }: LimitContext,
): PlannedCall[] {
  const left = calls.flatMap(({ entries }) => entries).filter((entry) => !stopped.has(entry));
  return splitIntoCalls("suspend", accountId, left, callLimitsOf(accountId).suspend);
}

function toOutcome({ newest }: PersonDecisions<ScopedDecision>, admission: Admission): Outcome {
  switch (admission.kind) {
    case "decided":
      return { kind: "held", rule: admission.heldBy ?? "SuspensionLimit" };
    case "failed":
      return outcomeOfFailure(admission.failure, newest.receiveCount);
    case "fault":
      return ledgerUnavailable(admission);
  }
}

/** Which suspensions of one account pass now, and why the others do not. */
type Admission =
  | { kind: "decided"; passed: readonly Suspension[]; receipt: Receipt; heldBy: HeldRule | undefined }
  /** The active users could not be counted. */
  | { kind: "failed"; failure: Failure }
  | { kind: "fault"; reason: string };

/** Asks the safeguard to admit suspensions of one account; counts its active users if the decision depends on them. */
async function requestAdmission(
  accountId: string,
  { immediate, others }: SortedSuspensions,
  limits: SuspensionLimits,
  context: LimitContext,
): Promise<Admission> {
  const request: AdmissionRequest = { immediate: immediate.length, others: others.length };
  const ask = (activeUsers?: number) => {
    const asked = activeUsers === undefined ? request : { ...request, activeUsers };
    return admit(context.safeguard, accountId, asked, limits, context.clock());
  };
  let decision = await ask();
  if (decision.kind === "uncounted") {
    const active = await countActiveUsers(accountId, context);
    if (active.kind === "failed") return active;
    decision = await ask(active.value);
  }
  switch (decision.kind) {
    case "decided": {
      const { passed, receipt, heldBy } = decision;
      const first = [...immediate.slice(0, passed.immediate), ...others.slice(0, passed.others)];
      return { kind: "decided", passed: first, receipt, heldBy };
    }
    case "fault":
      return decision;
    case "uncounted":
      throw new Error(
        `expected the safeguard to decide on account ${accountId}, whose users have just been counted; it asked for the count again`,
      );
  }
}

function isImmediate({ groups }: Suspension): boolean {
  return groups.some(({ newest }) => newest.urgent);
}

/** Counts an account's people who are registered and not suspended, and no devices: a call for each page of its directory. */
async function countActiveUsers(
  accountId: string,
  { directory, budget }: Pick<LimitContext, "directory" | "budget">,
): Promise<Found<number>> {
  let count = 0;
  let pageToken: string | undefined;
  do {
    const page = await attempt(budget, (time) => directory.listUsers(accountId, pageToken, time));
    if (page.kind === "failed") return page;
    count += page.value.users.filter((user) => user.state === "active" && isPerson(user)).length;
    pageToken = page.value.nextPageToken;
  } while (pageToken !== undefined);
  return { kind: "found", value: count };
}

/**
 * Takes suspensions that certainly did not happen off the safeguard's count, so that a retry is not counted twice. Returns
 * the groups that stay counted: their suspension was made, or nobody knows whether it was.
 *
 * @param performed the calls of all rounds: whoever was counted in the first one passes the second one uncounted
 * @param gone the groups whose user is suspended, though the service says that there is none
 */
export async function returnUnusedAdmissions(
  admitted: readonly AdmittedSuspensions[],
  performed: readonly PerformedCall[],
  gone: ReadonlySet<PersonDecisions<ScopedDecision>>,
  safeguard: Safeguard,
): Promise<PersonDecisions<ScopedDecision>[]> {
  if (admitted.length === 0) return [];
  const counted: PersonDecisions<ScopedDecision>[] = [];
  const resultsOf = suspensionResults(performed);
  for (const { accountId, suspensions, receipt } of admitted) {
    const used = suspensions.filter((suspension) => {
      const person = countedPerson(suspension);
      return person === undefined || gone.has(person) || !isUnused(resultsOf.get(person));
    });
    await giveBack(safeguard, accountId, receipt, suspensions.length - used.length);
    counted.push(...used.flatMap(({ groups }) => groups));
  }
  return counted;
}

/** Where several people of HR are one user, one of them was counted: the others count if they turn out to be others. */
export function countedPerson({ groups: [first] }: Suspension): Suspension["groups"][number] | undefined {
  return first;
}

type MadeSuspension = { result: TargetResult; repeated: boolean };

function suspensionResults(performed: readonly PerformedCall[]) {
  const resultsOf = new Map<PersonDecisions<ScopedDecision>, MadeSuspension[]>();
  for (const { call, results, repeated = false } of performed) {
    if (call.operation !== "suspend") continue;
    for (const { target, groups } of call.entries) {
      const result = results.get(target);
      if (result === undefined) continue;
      for (const group of groups)
        resultsOf.set(group, [...(resultsOf.get(group) ?? []), { result, repeated }]);
    }
  }
  return resultsOf;
}

function isUnused(made: readonly MadeSuspension[] = []): boolean {
  return made.length > 0 && made.every(isWithoutEffect);
}

/**
 * In doubt a suspension counts: a call without an answer, or with one that nobody understands, may have worked. So may one
 * whose repetition meets nobody.
 */
function isWithoutEffect({ result, repeated }: MadeSuspension): boolean {
  if (result.kind === "done" || result.failure.mayStillHappen) return false;
  return result.failure.class !== "unknown" && !(repeated && result.failure.class === "noSuchUser");
}
