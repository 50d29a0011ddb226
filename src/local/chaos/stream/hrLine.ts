import type { DetailType } from "../../../events/hrEvent.ts";

/** One event as it is published: a line as `rollcall publish` reads it. */
export interface HrLine {
  "detail-type": DetailType;
  detail: {
    metadata: { id: string; schemaVersion: string; occurredAt: string };
    data: { personId: string; email: string } & Readonly<Record<string, unknown>>;
  };
}
