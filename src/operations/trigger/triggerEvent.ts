import { isJsonObject } from "../../events/boundedJson.ts";
import { toEntry } from "../../events/eventEntry.ts";
import { type DetailType, hrEventSchemas } from "../../events/hrEvent.ts";
import { describeProblems } from "../../events/problems.ts";
import { type MendableEvent, setField } from "../mendDeadLetter.ts";

/** The short names of the kinds of events. */
export const triggerKinds = {
  hired: "EmployeeHired",
  left: "EmployeeLeft",
  returned: "EmployeeReturned",
  "role-changed": "EmployeeRoleChanged",
  "license-changed": "LicenseChanged",
} as const satisfies Record<string, DetailType>;

export type TriggerKind = keyof typeof triggerKinds;

/** A field of an event and its value, such as `data.role` and `engineer`. */
export interface EventSetting {
  path: string;
  value: unknown;
}

export interface TriggerRequest {
  kind: TriggerKind;
  person: { personId?: string | undefined; email?: string | undefined };
  settings: readonly EventSetting[];
  /** Unique. */
  eventId: string;
  /** Milliseconds since the epoch. */
  now: number;
}

export type BuiltEvent =
  | { kind: "built"; line: string; eventId: string; personId: string }
  | { kind: "malformed"; problems: string };

/**
 * Builds one event as `rollcall publish` takes it, and checks it as publishing would, but refuses a field that no event of the kind has:
 * a misspelt `effectiveAt` would suspend today. A setting wins over everything else.
 */
export function buildEvent({ kind, person, settings, eventId, now }: TriggerRequest): BuiltEvent {
  const unknown = settings.find(({ path }) => !isField(kind, path));
  if (unknown !== undefined)
    return { kind: "malformed", problems: `${triggerKinds[kind]} has no field ${unknown.path}` };
  const bare: MendableEvent = {
    "detail-type": triggerKinds[kind],
    detail: {
      metadata: { id: eventId, schemaVersion: "1.0", occurredAt: new Date(now).toISOString() },
      data: { ...person },
    },
  };
  const event = settings.reduce((set, { path, value }) => setField(set, path, value), bare);
  const line = JSON.stringify(event);
  const checked = toEntry(Buffer.from(line), { unchecked: false });
  switch (checked.status) {
    case "malformed":
      return { kind: "malformed", problems: describeProblems(checked.problems) };
    case "refused":
      return { kind: "malformed", problems: checked.message };
    case "entry":
      return {
        kind: "built",
        line,
        eventId: textAt(event, "metadata", "id"),
        personId: textAt(event, "data", "personId"),
      };
  }
}

function isField(kind: TriggerKind, path: string): boolean {
  const { metadata, data } = hrEventSchemas[triggerKinds[kind]].shape;
  const [part, field = ""] = path.split(".");
  return part === "detail-type" || Object.hasOwn((part === "metadata" ? metadata : data).shape, field);
}

function textAt({ detail }: MendableEvent, part: string, field: string): string {
  const object = isJsonObject(detail) ? detail[part] : undefined;
  return isJsonObject(object) ? String(object[field]) : "";
}
