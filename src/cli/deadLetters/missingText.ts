/** What to say of ids that no dead letter has. */
export function missingText(ids: readonly string[], stack: string): string {
  const which =
    ids.length === 1 ? `no dead letter of ${stack} has the id` : `no dead letters of ${stack} have the ids`;
  return `${which} ${ids.join(", ")}; it may be an event's or a message's, to the letter. rollcall dlq list shows those that are there`;
}
