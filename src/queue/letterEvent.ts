import * as z from "zod";
import { boundedList, parseJson } from "../events/boundedJson.ts";

/** What can be read of a dead letter's event, which may be broken in any way. */
export interface LetterEvent {
  type?: string;
  eventId?: string;
  personId?: string;
  /** Lower-case: the current address, then the previous ones. */
  emails: string[];
  /** As the event has it: not necessarily a time. */
  occurredAt?: string;
}

/** As long as the event's own schema lets an id be. */
const text = z.string().min(1).max(128).optional().catch(undefined);
const emails = boundedList(z.string()).catch([]);

const schema = z.object({
  "detail-type": text,
  detail: z
    .object({
      metadata: z.object({ id: text, occurredAt: text }).catch({}),
      data: z
        .object({ personId: text, email: z.string().optional().catch(undefined), previousEmails: emails })
        .catch({ previousEmails: [] }),
    })
    .catch({ metadata: {}, data: { previousEmails: [] } }),
});

/** Takes from a body what is there, and never throws. */
export function letterEvent(body: string): LetterEvent {
  const parsed = schema.safeParse(parseJson(body));
  if (!parsed.success) return { emails: [] };
  const { "detail-type": type, detail } = parsed.data;
  const { id: eventId, occurredAt } = detail.metadata;
  const { personId, email, previousEmails } = detail.data;
  const addresses = [...(email === undefined ? [] : [email]), ...previousEmails];
  return {
    ...(type !== undefined && { type }),
    ...(eventId !== undefined && { eventId }),
    ...(personId !== undefined && { personId }),
    emails: addresses.map((address) => address.toLowerCase()),
    ...(occurredAt !== undefined && { occurredAt }),
  };
}
