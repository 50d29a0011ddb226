import * as z from "zod";
import { boundedList } from "../events/boundedList.ts";
import { parseJson } from "../events/parseJson.ts";

/** What a waiting event says of itself. */
export interface WaitingEvent {
  /** Lower-case: the current address, then the previous ones. */
  emails: string[];
  /** Since when it waits for its user to exist. ISO 8601. */
  waitingSince?: string;
}

const schema = z.object({
  detail: z.object({
    metadata: z.object({ waitingSince: z.string().exactOptional() }),
    data: z.object({ email: z.string(), previousEmails: boundedList(z.string()).optional() }),
  }),
});

/**
 * Reads the line that a waiting decision will be published as. It passed the schema when it came, so one that does not
 * read like an event is no reason to fail: it has no address then.
 */
export function readWaitingEvent(line: string): WaitingEvent {
  const parsed = schema.safeParse(parseJson(line));
  if (!parsed.success) return { emails: [] };
  const { metadata, data } = parsed.data.detail;
  const emails = [data.email, ...(data.previousEmails ?? [])].map((email) => email.toLowerCase());
  return { emails, ...metadata };
}
