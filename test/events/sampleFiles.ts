import { readFileSync } from "node:fs";
import type { DetailType } from "../../src/events/hrEvent.ts";

export interface PublishLine {
  "detail-type": DetailType;
  detail: { metadata: Record<string, unknown>; data: Record<string, unknown> };
}

/** What lies in `events/<DetailType>.json`. */
export function readSample(type: DetailType): PublishLine {
  return JSON.parse(readFileSync(new URL(`../../events/${type}.json`, import.meta.url), "utf8"));
}
