import * as z from "zod";
import { boundedList, parseJson } from "../events/boundedJson.ts";
import type { LetterEvent } from "./letterEvent.ts";

const text = z.string().min(1).max(128).optional().catch(undefined);
const target = z.object({ type: text, id: text, alternateId: text }).catch({});

const schema = z.object({
  detail: z.object({
    uuid: text,
    eventType: text,
    published: text,
    target: boundedList(target).optional().catch(undefined),
  }),
});

/**
 * What can be read of a dead letter that holds an event of Okta's, which may be broken in any way: its uuid as the event's
 * id, and the user it is about as the person. Never throws.
 */
export function oktaLetterEvent(body: string): LetterEvent {
  const parsed = schema.safeParse(parseJson(body));
  if (!parsed.success) return { emails: [] };
  const { uuid: eventId, eventType: type, published: occurredAt, target: targets = [] } = parsed.data.detail;
  const { id: personId, alternateId } = targets.find((each) => each.type === "User") ?? {};
  return {
    ...(type !== undefined && { type }),
    ...(eventId !== undefined && { eventId }),
    ...(personId !== undefined && { personId }),
    emails: alternateId === undefined ? [] : [alternateId.toLowerCase()],
    ...(occurredAt !== undefined && { occurredAt }),
  };
}
