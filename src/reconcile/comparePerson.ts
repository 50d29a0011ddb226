import type { DirectoryAccount, DirectoryUser } from "../directory/directory.ts";
import { type Intent, pipelines } from "../pipelines.ts";
import { applyPolicy } from "../provisioning/applyPolicy.ts";
import { decideChange } from "../provisioning/decideChange.ts";
import {
  type Decision,
  type ScopedDecision,
  type UserResolution,
  versionKey,
} from "../provisioning/decision.ts";
import type { Match } from "./matchUsers.ts";
import type { RosterPerson } from "./mergeRows.ts";
import type { Change, ChangeKind, CompareOptions, Finding } from "./rosterChange.ts";

const intentOf: Record<ChangeKind, Intent> = {
  leaver: "offboard",
  joiner: "onboard",
  returner: "reinstate",
  license: "relicense",
};

/** One person's row and user in; at most a change of access and one of the license out, and what is to be told. */
export function comparePerson(match: Match, options: CompareOptions): (Change | Finding)[] {
  const { person, account } = match;
  const user = reachableUser(match);
  const kind = kindOfAccess(person, user);
  const asked = askFor(kind, person, user, options);
  if (asked.kind === "excluded") {
    const { email, personId } = person;
    return [{ kind: "excluded", email, personId, rule: asked.rule }];
  }
  if (account === undefined || person.presence === "later") return [];
  const access = isInOrder(person, user) ? [] : [weigh(kind, asked.decision, account, user)];
  if (person.presence === "left") return access;
  const isComing = user !== undefined || access.some((result) => "wish" in result);
  return isComing ? [...access, ...compareLicense(person, account, user, options)] : access;
}

/** An invitation goes to the address of today: whoever would be let in by one under an earlier address comes as a new user. */
function reachableUser({ person, account, user }: Match): DirectoryUser | undefined {
  if (user === undefined || user.email === person.email || person.presence !== "present") return user;
  const answer = account?.capabilities[intentOf[kindOfAccess(person, user)]];
  const isInvited = answer?.kind === "call" && answer.operation === "invite";
  return isInvited && !isInOrder(person, user) ? undefined : user;
}

/** The drain's own judgement, on what the directory says now: a wish is a change, anything else is told. */
export function weigh(
  kind: ChangeKind,
  decision: ScopedDecision,
  account: DirectoryAccount,
  user: DirectoryUser | undefined,
): Change | Finding {
  const { accountId } = account;
  const { email, personId } = decision;
  const group = { newest: decision, duplicates: [], older: [] };
  const decided = decideChange(
    { group, account: { kind: "found", value: account }, user: resolutionOf(kind, decision, user) },
    decision.occurredAt,
  );
  if (!("kind" in decided)) return { kind, wish: decided, user };
  switch (decided.kind) {
    case "deferred":
      return { kind: "awaited", email, accountId, personId };
    case "rejected":
    case "retry": {
      const { code, reason } = decided;
      return { kind: "impossible", email, accountId, personId, code, reason };
    }
    default:
      throw new Error(`expected a wish about somebody who is not in order; got ${decided.kind}`);
  }
}

/** Whoever is invited now has a user when the license is set; until then the address stands for it. */
function resolutionOf(
  kind: ChangeKind,
  { email }: ScopedDecision,
  user: DirectoryUser | undefined,
): UserResolution {
  if (user !== undefined) return { kind: "found", user };
  return kind === "license" ? { kind: "known", userId: email } : { kind: "absent" };
}

function compareLicense(
  person: RosterPerson,
  account: DirectoryAccount,
  user: DirectoryUser | undefined,
  options: CompareOptions,
): (Change | Finding)[] {
  if (person.role === undefined && person.licenseType === undefined) return [];
  const asked = askFor("license", person, user, options);
  // The policy names no license for the role: whoever has it keeps theirs.
  if (asked.kind === "excluded") return [];
  const has = user === undefined ? account.defaultLicense : user.licenseType;
  return has === asked.decision.licenseType ? [] : [weigh("license", asked.decision, account, user)];
}

function askFor(
  kind: ChangeKind,
  { personId, email, role, licenseType, attributes }: RosterPerson,
  user: DirectoryUser | undefined,
  options: CompareOptions,
) {
  const eventId = options.eventIdOf(kind, personId);
  const asked = {
    intent: intentOf[kind],
    eventId,
    personId,
    email,
    userId: user?.userId,
    role,
    licenseType,
    attributes,
  };
  return toScopedDecision(asked, options);
}

function kindOfAccess({ presence }: RosterPerson, user: DirectoryUser | undefined): ChangeKind {
  if (presence === "left") return "leaver";
  return user?.status === "suspended" ? "returner" : "joiner";
}

/** Asked before the account is: one that takes no orders needs none for people who are as they shall be. */
function isInOrder({ presence }: RosterPerson, user: DirectoryUser | undefined): boolean {
  switch (presence) {
    case "left":
      return user === undefined || user.status === "suspended";
    case "present":
      return user?.status === "registered" || user?.status === "invited";
    case "later":
      return true;
  }
}

interface Asked {
  intent: Intent;
  eventId: string;
  personId: string;
  email: string;
  userId: string | undefined;
  role?: string | undefined;
  licenseType?: string | undefined;
  attributes?: Readonly<Record<string, string>> | undefined;
}

/** The decision that the drain would read from the change's event, screened as the drain screens; or why it is excluded. */
export function toScopedDecision(
  asked: Asked,
  { rules, asOf }: Pick<CompareOptions, "rules" | "asOf">,
): { kind: "inScope"; decision: ScopedDecision } | { kind: "excluded"; rule: string } {
  const { intent, eventId } = asked;
  const decision: Decision = {
    role: undefined,
    attributes: undefined,
    reason: undefined,
    follows: undefined,
    licenseType: undefined,
    ...asked,
    aspect: pipelines[intent].aspect,
    accountId: undefined,
    index: 0,
    receiveCount: 1,
    correlationId: undefined,
    previousEmails: [],
    urgent: false,
    occurredAt: asOf,
    effectiveAt: asOf,
    version: versionKey({ occurredAt: asOf, effectiveAt: asOf, intent, eventId }),
    waitingSince: undefined,
    receivedAt: asOf,
  };
  const { inScope, outcomes } = applyPolicy([decision], rules, asOf);
  const [scoped] = inScope;
  if (scoped !== undefined) return { kind: "inScope", decision: scoped };
  const outcome = outcomes[0]?.outcome;
  if (outcome?.kind === "excluded") return { kind: "excluded", rule: outcome.rule };
  throw new Error(`expected a decision in scope or excluded; got ${outcome?.kind ?? "nothing"}`);
}
