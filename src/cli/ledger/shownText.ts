import { maskEmails } from "../../privacy/masking.ts";

/**
 * How text from the ledger is shown: without e-mail addresses but the `typed` one, whose typist knows it; and for a
 * terminal without control characters, since an id comes from outside and could hold a terminal's commands.
 */
export function shownText({ typed, forTerminal }: { typed: string | undefined; forTerminal: boolean }) {
  const known = typed?.toLowerCase();
  return (text: string): string => {
    const shown = text.toLowerCase() === known ? text : maskEmails(text);
    return forTerminal ? shown.replaceAll(/[\p{Cc}\p{Cf}]/gu, "\ufffd") : shown;
  };
}

export type ShowText = ReturnType<typeof shownText>;
