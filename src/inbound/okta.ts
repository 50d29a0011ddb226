import * as z from "zod";
import { boundedList, parseJson } from "../events/boundedJson.ts";
import type { DetailType } from "../events/hrEvent.ts";
import type { Outcome } from "../provisioning/outcome.ts";
import {
  type Conclusion,
  type InboundEvent,
  type InboundEventFields,
  ignored,
  invalid,
  notAsDocumented,
  toInboundEvent,
} from "./inboundEvent.ts";
import type { InboundEventResult } from "./publishInboundEvents.ts";
import { toInstant } from "./vendorDates.ts";

/**
 * Messages in, each holding an event of Okta's; the same with what became of it out, in their order. What we make nothing of
 * is `excluded`, what nothing can be made of `rejected`.
 */
export async function ingestOktaEvents<Message extends { body: string }>(
  messages: readonly Message[],
  publish: (events: readonly InboundEvent[]) => Promise<InboundEventResult[]>,
): Promise<{ message: Message; outcome: Outcome }[]> {
  const conclusions = messages.map(({ body }) => readOktaEvent(parseJson(body)));
  const events = conclusions.flatMap((each) => (each.kind === "event" ? [each.event] : []));
  const ends = (await publish(events)).values();
  return messages.map((message, index) => ({ message, outcome: toOutcome(conclusions[index], ends) }));
}

function toOutcome(conclusion: Conclusion | undefined, ends: Iterator<InboundEventResult>): Outcome {
  switch (conclusion?.kind) {
    case "event":
      return outcomeOfEnd(ends.next().value);
    case "nothing":
      return { kind: "excluded", rule: conclusion.why };
    case "unusable":
      return { kind: "rejected", code: "Unusable", reason: conclusion.why };
    case undefined:
      throw new RangeError("fewer conclusions than messages");
  }
}

function outcomeOfEnd(end: InboundEventResult | undefined): Outcome {
  switch (end?.kind) {
    case "accepted":
      return { kind: "applied", requestId: undefined };
    case "unusable":
      return { kind: "rejected", code: "Malformed", reason: end.why };
    case "failed":
      return { kind: "retry", code: "NotPublished", reason: end.why };
    case undefined:
      throw new RangeError("fewer ends than events");
  }
}

/** EventBridge's name for whatever Okta sends begins so. */
export const oktaSourcePrefix = "aws.partner/okta.com/";

/**
 * What Okta's event types mean. `user.lifecycle.create` is left out on purpose: a user may be created weeks ahead of the first
 * day, and `activate` comes for everybody who may sign in. So is `application.user_membership.*`: whether somebody may use an
 * application depends on the membership and the lifecycle together, and an event tells of one. A removal that is taken for a
 * leave would be undone by the next `unsuspend`, and that of any other application would lock people out.
 */
const meanings: Readonly<Record<string, { type: DetailType; more?: InboundEventFields }>> = {
  "user.lifecycle.activate": { type: "EmployeeHired" },
  "user.lifecycle.deactivate": { type: "EmployeeLeft", more: { reason: "deactivated in Okta" } },
  "user.lifecycle.reactivate": { type: "EmployeeReturned" },
  "user.lifecycle.suspend": { type: "EmployeeLeft", more: { reason: "suspended in Okta" } },
  "user.lifecycle.unsuspend": { type: "EmployeeReturned" },
};

export const oktaEventTypes = Object.keys(meanings);

/**
 * The detail-type is not looked at, for Okta spells it in two ways; nor is EventBridge's own time, for events come late and
 * in any order: `published` is when it happened.
 */
const oktaEvent = z.object({
  source: z.string().startsWith(oktaSourcePrefix),
  detail: z.object({
    uuid: z.string().regex(/^[\w-]{1,100}$/),
    published: z.string().transform(toInstant).pipe(z.string()),
    eventType: z.string(),
    outcome: z.object({ result: z.string() }),
    target: boundedList(
      z.object({ type: z.string(), id: z.string(), alternateId: z.string().nullish() }),
    ).nullish(),
  }),
});

/** An event of Okta's system log, as EventBridge delivers it, as ours. The actor, who did it, is nobody to act on. */
export function readOktaEvent(envelope: unknown): Conclusion {
  const { data, error } = oktaEvent.safeParse(envelope);
  if (error !== undefined) return notAsDocumented("an event of Okta", error);
  const { uuid, published, eventType, outcome, target } = data.detail;
  const meaning = Object.hasOwn(meanings, eventType) ? meanings[eventType] : undefined;
  if (meaning === undefined) return ignored("of a type that says nothing about access");
  if (outcome.result !== "SUCCESS") return ignored("it did not succeed in Okta");
  const user = target?.find(({ type }) => type === "User");
  if (!user?.alternateId) return invalid("detail.target names no User with an alternateId");
  return toInboundEvent({
    ...meaning,
    source: "okta",
    id: `okta-${uuid}`,
    occurredAt: published,
    person: { personId: user.id, email: user.alternateId },
  });
}
