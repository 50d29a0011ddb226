import {
  answerOf,
  createsUsers,
  type DirectoryAccount,
  type DirectoryUser,
  unknownLicense,
} from "../directory/directory.ts";
import { type Intent, pipelines } from "../pipelineSettings.ts";
import { applyPolicy } from "../provisioning/applyPolicy.ts";
import {
  type Decision,
  type ScopedDecision,
  type UserResolution,
  versionKey,
} from "../provisioning/decision.ts";
import { decideChange } from "../provisioning/planCalls.ts";
import type { Match } from "./matchUsers.ts";
import type { RosterPerson } from "./mergeRows.ts";
import type { ChangeKind, CompareOptions, Finding, RosterChange } from "./rosterChange.ts";

/** Compares one person's rows with their user: at most a change of access, one of the license, and findings. */
export function comparePerson(match: Match, options: CompareOptions): (RosterChange | Finding)[] {
  const { person, account } = match;
  const user = reachableUser(match);
  const kind = accessChangeKind(person, user);
  const scoped = scopedDecisionFor(kind, person, user, options);
  if (scoped.kind === "excluded") {
    const { email, personId } = person;
    return [{ kind: "excluded", email, personId, rule: scoped.rule }];
  }
  if (account === undefined || person.presence === "later") return [];
  const access = hasDesiredAccess(person, account, user)
    ? []
    : [decideRosterChange(kind, scoped.decision, account, user)];
  if (person.presence === "left") return access;
  const willHaveUser = user !== undefined || access.some((result) => "desired" in result);
  return willHaveUser ? [...access, ...compareLicense(person, account, user, options)] : access;
}

/**
 * Leaves out the user with a previous address where the account would create the person's user, because that goes by the
 * current address and makes a new one.
 */
function reachableUser({ person, account, user }: Match): DirectoryUser | undefined {
  if (user === undefined || user.email === person.email || person.presence !== "present") return user;
  if (account === undefined || hasDesiredAccess(person, account, user)) return user;
  return createsUsers(account, intentOf[accessChangeKind(person, user)]) ? undefined : user;
}

function accessChangeKind({ presence }: RosterPerson, user: DirectoryUser | undefined): ChangeKind {
  if (presence === "left") return "leaver";
  return user?.state === "suspended" ? "returner" : "joiner";
}

/** Checked before the account's capabilities: people who need no change are no finding in an account that allows none. */
function hasDesiredAccess(
  { presence }: RosterPerson,
  account: DirectoryAccount,
  user: DirectoryUser | undefined,
): boolean {
  switch (presence) {
    case "left":
      return user === undefined || user.state === "suspended";
    case "present":
      if (user?.state === "lapsed") return answerOf(account, "onboard", "lapsed").kind === "unchanged";
      return user?.state === "active" || user?.state === "invited";
    case "later":
      return true;
  }
}

function compareLicense(
  person: RosterPerson,
  account: DirectoryAccount,
  user: DirectoryUser | undefined,
  options: CompareOptions,
): (RosterChange | Finding)[] {
  if (person.role === undefined && person.licenseType === undefined) return [];
  const scoped = scopedDecisionFor("license", person, user, options);
  // The policy names no license for the role: people with that role keep theirs.
  if (scoped.kind === "excluded") return [];
  const current = user === undefined ? account.defaultLicense : user.license;
  return current === unknownLicense || current === scoped.decision.licenseType
    ? []
    : [decideRosterChange("license", scoped.decision, account, user)];
}

/** Decides as provisioning does, on the directory's current state: a desired change, or the finding why there is none. */
export function decideRosterChange(
  kind: ChangeKind,
  decision: ScopedDecision,
  account: DirectoryAccount,
  user: DirectoryUser | undefined,
): RosterChange | Finding {
  const { accountId } = account;
  const { email, personId } = decision;
  const group = { newest: decision, duplicates: none, older: none };
  const decided = decideChange(
    { group, account: { kind: "found", value: account }, user: resolutionOf(kind, decision, user) },
    decision.occurredAt,
  );
  if (!("kind" in decided)) return { kind, desired: decided, user };
  switch (decided.kind) {
    case "deferred":
      return { kind: "awaited", email, accountId, personId };
    case "rejected":
    case "retry": {
      const { code, reason } = decided;
      return { kind: "impossible", email, accountId, personId, code, reason };
    }
    default:
      throw new Error(`expected a change for a person whose access or license differs; got ${decided.kind}`);
  }
}

/** A joiner has a user when the license is set, because the invitation precedes it; until then the address stands for it. */
function resolutionOf(
  kind: ChangeKind,
  { email }: ScopedDecision,
  user: DirectoryUser | undefined,
): UserResolution {
  if (user !== undefined) return { kind: "found", user };
  return kind === "license" ? { kind: "known", userId: email } : { kind: "absent" };
}

const intentOf: Record<ChangeKind, Intent> = {
  leaver: "offboard",
  joiner: "onboard",
  returner: "reinstate",
  license: "relicense",
};

function scopedDecisionFor(
  kind: ChangeKind,
  { personId, email, previousEmails, otherEmails, role, licenseType, attributes, profile }: RosterPerson,
  user: DirectoryUser | undefined,
  options: CompareOptions,
) {
  const draft = {
    intent: intentOf[kind],
    eventId: options.eventIdOf(kind, personId),
    personId,
    email,
    // They name the person whom the ledger knows under another address. Nobody is looked up by them (`findOwnAddresses`).
    previousEmails:
      otherEmails.length + previousEmails.length === 0
        ? none
        : [...new Set([...otherEmails, ...previousEmails])].slice(0, mostPreviousEmails),
    userId: user?.userId,
    role,
    licenseType,
    attributes,
    profile,
  };
  return toScopedDecision(draft, options);
}

/** One empty list for all decisions: of a company that begins there are many. */
const none: readonly never[] = [];

/** An event takes no more. */
const mostPreviousEmails = 20;

type DecisionDraft = Pick<Decision, "intent" | "eventId" | "personId" | "email" | "userId"> &
  Partial<Pick<Decision, "role" | "licenseType" | "attributes" | "profile" | "previousEmails">>;

/** Makes the decision that provisioning will parse from the change's event, and applies the policy to it as provisioning does. */
export function toScopedDecision(
  draft: DecisionDraft,
  { rules, asOf }: Pick<CompareOptions, "rules" | "asOf">,
): { kind: "inScope"; decision: ScopedDecision } | { kind: "excluded"; rule: string } {
  const { intent, eventId } = draft;
  const decision: Decision = {
    role: undefined,
    attributes: undefined,
    profile: undefined,
    droppedTexts: none,
    reason: undefined,
    follows: undefined,
    licenseType: undefined,
    previousEmails: none,
    ...draft,
    aspect: pipelines[intent].aspect,
    accountId: undefined,
    index: 0,
    receiveCount: 1,
    correlationId: undefined,
    origin: undefined,
    urgent: false,
    occurredAt: asOf,
    effectiveAt: asOf,
    version: versionKey({ occurredAt: asOf, effectiveAt: asOf, intent, eventId }),
    waitingSince: undefined,
    receivedAt: asOf,
    firstReceivedAt: asOf,
    busTime: asOf,
  };
  const { inScope, outcomes } = applyPolicy([decision], rules, asOf);
  const [scoped] = inScope;
  if (scoped !== undefined) return { kind: "inScope", decision: scoped };
  const outcome = outcomes[0]?.outcome;
  if (outcome?.kind === "excluded") return { kind: "excluded", rule: outcome.rule };
  throw new Error(`expected a decision in scope or excluded; got ${outcome?.kind ?? "nothing"}`);
}
