import * as z from "zod";
import { boundedList, eventBounds, findBreach, parseJson } from "../events/boundedJson.ts";
import type { DetailType } from "../events/hrEvent.ts";
import { guarded, nameOfThrown } from "../provisioning/boundary.ts";
import type { Outcome } from "../provisioning/outcome.ts";
import {
  type FinalReading,
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
 * Publishes the HR events of Okta's queue messages, and gives each message its outcome, in their order. Event types that are
 * not handled are `excluded`; malformed events are `rejected`.
 */
export async function ingestOktaEvents<Message extends { body: string }>(
  messages: readonly Message[],
  publish: (events: readonly InboundEvent[]) => Promise<InboundEventResult[]>,
): Promise<{ message: Message; outcome: Outcome }[]> {
  const readings = messages.map((message) => guarded(() => readOktaBody(message.body), unreadable));
  const events = readings.flatMap((reading) => (reading.kind === "event" ? [reading.event] : []));
  const results = (await publish(events)).values();
  return messages.map((message, index) => ({ message, outcome: toOutcome(readings[index], results) }));
}

/** Reads the body of a queue message. One that is too deep or has too many values is not parsed. */
export function readOktaBody(body: string): FinalReading {
  const breach = findBreach(body, eventBounds);
  return breach === undefined ? readOktaEvent(parseJson(body)) : invalid(breach.message);
}

function unreadable(error: unknown): FinalReading {
  return invalid(`the event could not be read (${nameOfThrown(error)}); this is a defect, please report it`);
}

function toOutcome(reading: FinalReading | undefined, results: Iterator<InboundEventResult>): Outcome {
  switch (reading?.kind) {
    case "event":
      return toOutcomeOfEvent(results.next().value);
    case "ignored":
      return { kind: "excluded", rule: reading.why };
    case "invalid":
      return { kind: "rejected", code: "Unusable", reason: reading.why };
    case undefined:
      throw new RangeError("expected a reading for each message; got fewer");
  }
}

function toOutcomeOfEvent(result: InboundEventResult | undefined): Outcome {
  switch (result?.kind) {
    case "accepted":
      return { kind: "applied", requestId: undefined };
    case "invalid":
      return { kind: "rejected", code: result.code, reason: result.why };
    case "failed":
      return { kind: "retry", code: "NotPublished", reason: result.why };
    case undefined:
      throw new RangeError("expected a result for each event; got fewer");
  }
}

/** The beginning of EventBridge's `source` for Okta's partner events. */
export const oktaSourcePrefix = "aws.partner/okta.com/";

/**
 * The detail-types of the Okta event types that are handled. `user.lifecycle.create` is left out on purpose: a user may be
 * created weeks ahead of the first day, and `activate` comes for everybody who may sign in. So is
 * `application.user_membership.*`: whether somebody may use an application depends on the membership and the lifecycle
 * together, and an event reports one. A removal taken for a leave would be undone by the next `unsuspend`, and that of any
 * other application would lock people out.
 */
const handledTypes: Readonly<Record<string, { type: DetailType; fields?: InboundEventFields }>> = {
  "user.lifecycle.activate": { type: "EmployeeHired" },
  "user.lifecycle.deactivate": { type: "EmployeeLeft", fields: { reason: "deactivated in Okta" } },
  "user.lifecycle.reactivate": { type: "EmployeeReturned" },
  "user.lifecycle.suspend": { type: "EmployeeLeft", fields: { reason: "suspended in Okta" } },
  "user.lifecycle.unsuspend": { type: "EmployeeReturned" },
};

export const oktaEventTypes = Object.keys(handledTypes);

/**
 * The parts of an event that are read. The detail-type is not, because Okta spells it in two ways; nor is EventBridge's own
 * time, because events come late and in any order: `published` is when it happened.
 */
const oktaEvent = z.object({
  source: z.string().startsWith(oktaSourcePrefix),
  detail: z.object({
    uuid: z.string().regex(/^[\w-]{1,100}$/),
    published: z.string().transform(toInstant).pipe(z.string()),
    eventType: z.string(),
    outcome: z.object({ result: z.string() }),
    target: boundedList(
      z.object({
        type: z.string(),
        id: z.string(),
        alternateId: z.string().nullish(),
        displayName: z.string().nullish().catch(undefined),
      }),
    ).nullish(),
  }),
});

/**
 * Translates an event of Okta's system log, as EventBridge delivers it. The event is about its target; the actor is whoever
 * made the change.
 */
export function readOktaEvent(envelope: unknown): FinalReading {
  const { data, error } = oktaEvent.safeParse(envelope);
  if (error !== undefined) return notAsDocumented("an event of Okta", error);
  const { uuid, published, eventType, outcome, target } = data.detail;
  const handled = Object.hasOwn(handledTypes, eventType) ? handledTypes[eventType] : undefined;
  if (handled === undefined) return ignored("an event type that does not affect access");
  if (outcome.result !== "SUCCESS") return ignored("it did not succeed in Okta");
  const user = target?.find(({ type }) => type === "User");
  if (!user?.alternateId) return invalid("detail.target names no User with an alternateId");
  return toInboundEvent({
    ...handled,
    source: "okta",
    id: `okta-${uuid}`,
    occurredAt: published,
    person: { personId: user.id, email: user.alternateId },
    fields: { ...handled.fields, profile: { displayName: user.displayName ?? undefined } },
  });
}
