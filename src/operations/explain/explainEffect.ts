import type { DirectoryAccount, Operation } from "../../directory/directory.ts";
import type { AccountType } from "../../directory/directoryKind.ts";
import { memoryLedger, memoryStore, toMemoryStore } from "../../ledger/memory/memoryLedger.ts";
import type { PersonHistory } from "../../ledger/personHistory.ts";
import type { Aspect } from "../../pipelineSettings.ts";
import type { PolicyRules } from "../../policy/policyRules.ts";
import type { FindLimits } from "../../policy/suspensionLimits.ts";
import { claimDecisions } from "../../provisioning/claimDecisions.ts";
import type { Decision, ScopedDecision } from "../../provisioning/decision.ts";
import { dropObsoleteFollowUps, followUpOf } from "../../provisioning/followUps.ts";
import { groupByPerson } from "../../provisioning/groupByPerson.ts";
import type { Outcome } from "../../provisioning/outcome.ts";
import { type DesiredChange, decideChange } from "../../provisioning/planCalls.ts";
import { postSuspensionActionsOf } from "../../provisioning/postSuspensionActions.ts";
import { decideAdmission } from "../../safeguard/decideAdmission.ts";
import { initialState, type SafeguardState } from "../../safeguard/safeguardState.ts";
import { timeText } from "../displayText.ts";

/** One decision on an event's way. */
export interface Step {
  question:
    | "readable"
    | "in scope"
    | "account"
    | "running"
    | "license"
    | "effective"
    | "order"
    | "trial"
    | "call"
    | "limit"
    | "follows";
  /** `no`: the way ends here. `unknown`: it could not be found out. */
  answer: "yes" | "no" | "unknown";
  text: string;
  /** Where the rule is written that made it: in the policy, in the event or in the ledger. */
  rule?: string;
}

/** What would become of the event if it came now. */
export type Fate =
  | { kind: "outcome"; outcome: Outcome }
  /** The operations that the account may answer with, by its type. */
  | { kind: "call"; operations: readonly Operation[] };

/** An outcome in words, for somebody who asks why. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case "applied":
      return "applied";
    case "unchanged":
      return outcome.because === "duplicate" ? "settled before" : "already so";
    case "superseded":
      return `superseded by ${outcome.by}`;
    case "deferred":
      return `put off until ${timeText(outcome.until)}${outcome.because === "fromTheFuture" ? ", when HR says that it is decided" : ""}`;
    case "held":
      return `held by the safeguard (${outcome.rule})`;
    case "observed":
      return `observed in a trial, without a call: ${outcome.would}`;
    case "excluded":
      return `left alone: ${outcome.rule}`;
    case "rejected":
      return `a dead letter, ${outcome.code}: ${outcome.reason}`;
    case "retry":
      return `tried again later, ${outcome.code}: ${outcome.reason}`;
  }
}

/**
 * Whether the decision may be acted on, by what the ledger remembers of the person. It is claimed as the drain does, in a
 * copy of the ledger.
 *
 * @param now milliseconds since the epoch
 */
export async function explainOrder(
  decision: ScopedDecision,
  history: PersonHistory | undefined,
  now: number,
): Promise<{ step: Step; outcome?: Outcome }> {
  const { aspect } = decision;
  const ledger = memoryLedger(history === undefined ? memoryStore() : toMemoryStore(history));
  const lease = { owner: "rollcall explain", now, until: now };
  const overtaken = (await dropObsoleteFollowUps([decision], { ledger })).outcomes[0];
  if (overtaken !== undefined) {
    const rule = standingText(history, "access");
    const text = `${outcomeText(overtaken.outcome)}: it follows from ${decision.follows?.id}`;
    const step: Step = { question: "order", answer: "no", text, ...(rule && { rule }) };
    return { outcome: overtaken.outcome, step };
  }
  // Where no bus has stamped it yet, the bus would now; of decisions of the same time the one that came later counts.
  const stamped = decision.busTime > 0 ? decision : { ...decision, busTime: now };
  const { refused } = await claimDecisions(groupByPerson([stamped]), { ledger, lease });
  const [result] = refused;
  const standing = standingText(history, aspect);
  if (result === undefined) {
    const text = `no newer decision about ${aspect} stands`;
    return { step: { question: "order", answer: "yes", text, ...(standing && { rule: standing }) } };
  }
  const { outcome } = result;
  const text = outcomeText(outcome);
  return { outcome, step: { question: "order", answer: "no", text, ...(standing && { rule: standing }) } };
}

/** The decision that the order is measured by. Its entry expires after 13 months, and the head does not. */
function standingText(history: PersonHistory | undefined, aspect: Aspect): string | undefined {
  const settled = history?.heads.find((head) => head.aspect === aspect)?.settled;
  if (settled === undefined) return undefined;
  const entry = history?.entries.find(({ eventId }) => eventId === settled.eventId);
  const decided = entry === undefined ? "" : ` (${entry.intent}, decided ${timeText(entry.occurredAt)})`;
  return `the ledger: ${settled.eventId}${decided} was ${settled.as}`;
}

/**
 * Which call would answer, by the account's type: the directory is not asked, so it is told for each. The drain's own
 * decision is asked about a user whom it knows and whose state it does not.
 */
export function explainCall(
  decision: ScopedDecision,
  accountTypes: readonly AccountType[],
  { findAfterSuspension }: Pick<PolicyRules, "findAfterSuspension">,
  now: number,
): { steps: Step[]; fate: Fate } {
  const typesOfAnswer = new Map<string, { types: string[]; answer: Step["answer"] }>();
  const operations = new Set<Operation>();
  for (const accountType of accountTypes) {
    const { type } = accountType;
    const decided = decideFor(decision, anAccount(accountType, decision), now);
    if (!("kind" in decided)) operations.add(decided.operation);
    const after =
      decision.intent === "offboard"
        ? postSuspensionActionsOf(accountType, findAfterSuspension(decision.accountId))
        : [];
    const text = callText(decided, after, accountType);
    const alike = typesOfAnswer.get(text) ?? { types: [], answer: "kind" in decided ? "no" : "yes" };
    typesOfAnswer.set(text, { ...alike, types: [...alike.types, type] });
  }
  const steps = [...typesOfAnswer].map(
    ([text, { types, answer }]): Step => ({
      question: "call",
      answer,
      text,
      rule: `for accounts of type ${types.join(", ")}`,
    }),
  );
  return { steps, fate: { kind: "call", operations: [...operations] } };
}

function callText(
  decided: DesiredChange | Outcome,
  after: readonly Operation[],
  { callNames, suspension }: AccountType,
): string {
  if (!("kind" in decided)) {
    const isDeleted = decided.operation === "suspend" && suspension === "deletes";
    const effect = isDeleted ? ", which deletes the user: whoever returns is a new one" : "";
    const license = decided.license === undefined ? "" : `, to ${decided.license}`;
    const then = after.length === 0 ? "" : `, then ${after.map((name) => callNames[name]).join(" and ")}`;
    return `${callNames[decided.operation]}${license}${effect}${then}`;
  }
  return decided.kind === "rejected"
    ? `none: a dead letter, ${decided.code}`
    : `none: ${outcomeText(decided)}`;
}

function decideFor(decision: ScopedDecision, account: DirectoryAccount, now: number) {
  const [group = { newest: decision, duplicates: [], older: [] }] = groupByPerson([decision]);
  const user = { kind: "known", userId: decision.userId ?? "the user's id" } as const;
  return decideChange({ group, account: { kind: "found", value: account }, user }, now);
}

/** One call takes everybody: how many calls there will be is not asked. */
const limits = { create: 1, suspend: 1, unsuspend: 1, setLicense: 1, signOut: 1, resetPin: 1 };

function anAccount(accountType: AccountType, { accountId }: ScopedDecision): DirectoryAccount {
  const { callNames: _, ...rest } = accountType;
  return { ...rest, accountId, active: true, limits, licenses: "unknown", defaultLicense: undefined };
}

/** The safeguard as the ledger and the policy have it. */
export interface KnownSafeguard {
  states: ReadonlyMap<string, SafeguardState>;
  limitsOf: FindLimits;
}

/**
 * Whether the safeguard lets one suspension pass now, by its own decision on the account's state. Others that come with it may
 * cross the limit all the same. An account whose users have to be counted first is not known here: the directory is not asked.
 *
 * @param now milliseconds since the epoch
 */
export function explainLimit(
  { accountId, urgent, eventId }: ScopedDecision,
  history: PersonHistory | undefined,
  { states, limitsOf }: KnownSafeguard,
  now: number,
): { step: Step; outcome?: Outcome } | undefined {
  const limits = limitsOf(accountId);
  if (limits === undefined) return undefined;
  const rule = `safeguard of ${accountId}`;
  const isReleased = history?.waiting.some((one) => one.eventId === eventId && one.because === "released");
  if (isReleased)
    return { step: { question: "limit", answer: "yes", text: "an operator has released it", rule } };
  const state = states.get(accountId) ?? initialState;
  const request = { immediate: urgent ? 1 : 0, others: urgent ? 0 : 1 };
  const { answer } = decideAdmission(state, request, limits, now);
  if (answer.kind === "uncounted") {
    const text = "it depends on how many active users the account has";
    return { step: { question: "limit", answer: "unknown", text, rule } };
  }
  if (answer.heldBy === undefined)
    return { step: { question: "limit", answer: "yes", text: "the safeguard lets one more pass", rule } };
  const since = state.latch === undefined ? "" : `, which is closed since ${timeText(state.latch.closedAt)}`;
  const text =
    answer.heldBy === "SuspensionLatch" ? `behind the account's latch${since}` : "beyond the limit";
  const outcome = { kind: "held", rule: answer.heldBy } as const;
  return { outcome, step: { question: "limit", answer: "no", text: `held: ${text}`, rule } };
}

/**
 * Which license follows if the decision is carried out. Which one is the account's default license the directory knows; it is
 * not asked.
 *
 * @param read the decision before the policy named a license
 * @param now milliseconds since the epoch
 */
export function explainFollowUp(
  read: Decision,
  decision: ScopedDecision,
  rules: PolicyRules,
  now: number,
): Step[] {
  const applied = { kind: "applied", requestId: undefined } as const;
  const followUp = followUpOf(decision, applied, undefined, rules, now);
  switch (followUp?.kind) {
    case undefined:
      return [];
    case "licenseAfterLeaving": {
      const text = `license ${followUp.licenseType} on ${timeText(followUp.dueAt)}, unless the person is back`;
      return [{ question: "follows", answer: "yes", text, rule: "afterSuspension.license" }];
    }
    case "licenseAfterJoining": {
      const unless = decision.intent === "onboard" ? ", unless it comes with the invitation" : "";
      const text = `license ${followUp.licenseType}${unless}`;
      return [{ question: "follows", answer: "yes", text, rule: ruleOfLicense(read, decision, rules) }];
    }
  }
}

function ruleOfLicense(
  { licenseType, role, email, attributes }: Decision,
  { accountId }: ScopedDecision,
  { findAccount, findLicense }: PolicyRules,
): string {
  if (licenseType !== undefined) return "the event's data.licenseType";
  const account = findAccount(email, attributes);
  const found = account && role !== undefined ? findLicense(account, role) : undefined;
  return found?.rule ?? `accounts: ${accountId}`;
}
