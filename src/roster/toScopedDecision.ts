import type { Decision } from "../drain/decision.ts";
import { type ScopedDecision, screen } from "../drain/screen.ts";
import { versionKey } from "../drain/versionKey.ts";
import { type Intent, pipelines } from "../pipelines.ts";
import type { CompareOptions } from "./comparison.ts";

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
  const { inScope, settled } = screen([decision], rules, asOf);
  const [scoped] = inScope;
  if (scoped !== undefined) return { kind: "inScope", decision: scoped };
  const outcome = settled[0]?.outcome;
  if (outcome?.kind === "excluded") return { kind: "excluded", rule: outcome.rule };
  throw new Error(`expected a decision in scope or excluded; got ${outcome?.kind ?? "nothing"}`);
}
