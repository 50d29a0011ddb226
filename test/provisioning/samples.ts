import { chimeAccountTypes, chimeLimits } from "../../src/directory/chime/chimeCapabilities.ts";
import type {
  DirectoryAccount,
  DirectoryUser,
  Failure,
  FailureClass,
} from "../../src/directory/directory.ts";
import { pipelines } from "../../src/pipelineSettings.ts";
import {
  type PersonDecisions,
  type ResolvedPerson,
  type ScopedDecision,
  versionKey,
} from "../../src/provisioning/decision.ts";
import type { DesiredChange } from "../../src/provisioning/planCalls.ts";

/** Samples of provisioning's data: a test names what it is about, the rest is as usual. */

export const noon = Date.parse("2026-05-14T12:00:00Z");

/** A leaver of the account "team" by default, decided at noon. The version follows from what is given. */
export function aDecision(given: Partial<ScopedDecision> = {}): ScopedDecision {
  const { occurredAt = noon, intent = "offboard" } = given;
  const decision = {
    index: 0,
    receiveCount: 1,
    eventId: "e-1",
    correlationId: undefined,
    origin: undefined,
    personId: "p-1",
    intent,
    aspect: pipelines[intent].aspect,
    email: "ada@example.com",
    previousEmails: [],
    userId: undefined,
    role: undefined,
    attributes: undefined,
    reason: undefined,
    licenseType: undefined,
    follows: undefined,
    profile: undefined,
    droppedTexts: [],
    urgent: false,
    occurredAt,
    effectiveAt: occurredAt,
    waitingSince: undefined,
    firstReceivedAt: Date.parse("2026-05-14T12:00:01.000Z"),
    receivedAt: Date.parse("2026-05-14T12:00:01.000Z"),
    busTime: Date.parse("2026-05-14T12:00:00.500Z"),
    accountId: "team",
    ...given,
  };
  return { ...decision, version: versionKey(decision) };
}

export function aGroup(
  newest: Partial<ScopedDecision> = {},
  others: Partial<Pick<PersonDecisions<ScopedDecision>, "duplicates" | "older">> = {},
): PersonDecisions<ScopedDecision> {
  return { newest: aDecision(newest), duplicates: [], older: [], ...others };
}

export function anAccount(given: Partial<DirectoryAccount> = {}): DirectoryAccount {
  return {
    accountId: "team",
    type: "Team",
    active: true,
    limits: chimeLimits,
    licenses: ["Basic", "Pro"],
    defaultLicense: "Basic",
    suspension: "reversible",
    ...chimeAccountTypes.Team,
    ...given,
  };
}

export function aUser(given: Partial<DirectoryUser> = {}): DirectoryUser {
  return {
    userId: "u-1",
    email: "ada@example.com",
    state: "active",
    license: "Basic",
    type: "person",
    ...given,
  };
}

/** A person whose user id the event names, by default. */
export function aPerson(
  newest: Partial<ScopedDecision>,
  given: Partial<ResolvedPerson> = {},
): ResolvedPerson {
  return {
    group: aGroup(newest),
    account: { kind: "found", value: anAccount() },
    user: { kind: "known", userId: "u-1" },
    ...given,
  };
}

export function aDesiredChange(
  newest: Partial<ScopedDecision>,
  given: Partial<Omit<DesiredChange, "group">> = {},
): DesiredChange {
  return { group: aGroup(newest), operation: "suspend", accountId: "team", target: "u-1", ...given };
}

export function aFailure(failureClass: FailureClass, given: Partial<Failure> = {}): Failure {
  return { class: failureClass, code: "Code", message: "what happened", ...given };
}
