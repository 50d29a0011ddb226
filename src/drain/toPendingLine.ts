import { isJsonObject } from "../events/jsonObject.ts";
import { parseJson } from "../events/parseJson.ts";

/**
 * The line that publishes an event again when it is due: the event as it came, unknown fields included. `waitingSince`
 * (milliseconds since the epoch) travels with it, so that the next wait can be longer and the last one known.
 *
 * @param body of a message that was read as an event before; throws for any other
 */
export function toPendingLine(body: string, waitingSince: number | undefined): string {
  const { source, "detail-type": type, detail } = toObject(parseJson(body), "body");
  const line = { source, "detail-type": type, detail };
  if (waitingSince === undefined) return JSON.stringify(line);
  const event = toObject(detail, "detail");
  const metadata = {
    ...toObject(event.metadata, "metadata"),
    waitingSince: new Date(waitingSince).toISOString(),
  };
  return JSON.stringify({ ...line, detail: { ...event, metadata } });
}

function toObject(value: unknown, name: string) {
  if (isJsonObject(value)) return value;
  throw new TypeError(
    `cannot put an event off: expected its ${name}, which was read before, to be an object`,
  );
}
