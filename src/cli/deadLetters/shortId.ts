import type { LetterReport } from "./toLetterReport.ts";

/** As much of a message's id, a UUID, as tells it from all others that an operator sees. */
export const shortIdLength = 8;

/** What a letter is called on the screen: by its event, or, where that has no id that can be read, by its message. */
export function shortId({ eventId, messageId }: Pick<LetterReport, "eventId" | "messageId">): string {
  return eventId ?? messageId.slice(0, shortIdLength);
}
