/**
 * The line that publishes an event again when it is due: the event as it came, unknown fields included. `waitingSince`
 * (milliseconds since the epoch) travels with it, so that the next wait can be longer and the last one known.
 */
export function toPendingLine(body: string, waitingSince: number | undefined): string {
  const { source, "detail-type": type, detail } = JSON.parse(body);
  const line = { source, "detail-type": type, detail };
  if (waitingSince === undefined) return JSON.stringify(line);
  const metadata = { ...detail.metadata, waitingSince: new Date(waitingSince).toISOString() };
  return JSON.stringify({ ...line, detail: { ...detail, metadata } });
}
