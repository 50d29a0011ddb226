import type { DetailType } from "../../events/hrEvent.ts";
import type { Draft } from "./draft.ts";
import type { SeededRandom } from "./seededRandom.ts";

/** An event in the form of `rollcall publish`, and when it comes in, in seconds into the day. */
export interface Arrival {
  second: number;
  event: { "detail-type": DetailType; detail: Record<string, unknown> };
}

/** Gives each draft its id, in HR's order, and a timestamp in the offset of one of HR's sites. */
export function toArrivals(drafts: readonly Draft[], random: SeededRandom): Arrival[] {
  return drafts
    .toSorted((a, b) => a.second - b.second)
    .map((draft, index) => {
      const id = `hr-20260514-${String(index + 1).padStart(4, "0")}`;
      const occurredAt = toTimestamp(draft.second, random.pick(siteOffsets));
      const metadata = { id, schemaVersion: "1.0", occurredAt };
      const event = { "detail-type": draft.type, detail: { metadata, data: toData(draft) } };
      return { second: draft.second + (draft.lateSeconds ?? 0), event };
    });
}

/** Most senders know the address only. */
function toData({ person, namesUserId = false, data, unknownFields }: Draft): Record<string, unknown> {
  const { personId, email, userId } = person;
  return {
    personId,
    email,
    ...(namesUserId && userId !== undefined ? { userId } : {}),
    ...data,
    ...unknownFields,
  };
}

const siteOffsets = ["Z", "+02:00", "-04:00", "+05:30", "+12:00"] as const;
const dayStart = Date.parse("2026-05-14T00:00:00Z");

/** The same instant, as a clock at the site shows it. */
function toTimestamp(second: number, offset: (typeof siteOffsets)[number]): string {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  const offsetMinutes = Number(`${sign ?? ""}1`) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  const local = new Date(dayStart + (second + offsetMinutes * 60) * 1000);
  return local.toISOString().slice(0, "2026-05-14T00:00:00".length) + offset;
}
