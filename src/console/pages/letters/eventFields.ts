import { isJsonObject } from "../../../events/boundedJson.ts";
import { detailTypes, hrEventSchemas, isDetailType } from "../../../events/hrEvent.ts";
import { type MendableEvent, setField } from "../../../operations/mendDeadLetter.ts";

/** A text of an event that a form can show, by the event's schema. */
export interface EventField {
  /** As `rollcall dlq edit --set` names it: `data.email`. */
  path: string;
  value: string;
  description: string;
  isRequired: boolean;
  options?: readonly string[];
}

/** The parts of a schema that a form needs. */
interface FieldSchema {
  def: { type: string; innerType?: unknown; entries?: unknown };
  description?: string | undefined;
}

/** The fields of an event's type, and their values; none for a type that nobody knows. */
export function fieldsOf(event: MendableEvent): EventField[] {
  const type = event["detail-type"];
  if (!isDetailType(type)) return [];
  const { metadata, data } = hrEventSchemas[type].shape;
  const ofShape = (part: string, shape: Readonly<Record<string, unknown>>) =>
    Object.entries(shape).flatMap(([name, schema]) => fieldOf(`${part}.${name}`, schema, event) ?? []);
  return [
    {
      path: "detail-type",
      value: type,
      description: "What HR says: it decides which pipeline takes the event.",
      isRequired: true,
      options: detailTypes,
    },
    ...ofShape("data", data.shape),
    ...ofShape("metadata", metadata.shape),
  ];
}

/** `undefined` for what is no single text, and for what only Rollcall writes. */
function fieldOf(path: string, schema: unknown, event: MendableEvent): EventField | undefined {
  if (!isFieldSchema(schema)) return undefined;
  const { def } = schema;
  const inner = def.type === "optional" && isFieldSchema(def.innerType) ? def.innerType : schema;
  const description = schema.description ?? inner.description ?? "";
  if (!["string", "enum"].includes(inner.def.type) || description.startsWith("Written by")) return undefined;
  const value = valueAt(event.detail, path.split("."));
  const entries =
    inner.def.type === "enum" && isJsonObject(inner.def.entries) ? Object.keys(inner.def.entries) : undefined;
  return {
    path,
    value: typeof value === "string" ? value : "",
    description,
    isRequired: def.type !== "optional",
    ...(entries !== undefined && { options: entries }),
  };
}

function isFieldSchema(value: unknown): value is FieldSchema {
  return typeof value === "object" && value !== null && "def" in value;
}

function valueAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  return isJsonObject(value) && Object.hasOwn(value, name) ? valueAt(value[name], rest) : undefined;
}

export interface Setting {
  path: string;
  value: string;
}

/** What was changed in a form; a field that was left empty and was not there before stays away. */
export function settingsIn(form: FormData, event: MendableEvent): Setting[] {
  return fieldsOf(event).flatMap(({ path, value: before }) => {
    const value = form.get(`set:${path}`);
    return typeof value === "string" && value.trim() !== before ? [{ path, value: value.trim() }] : [];
  });
}

/** An empty text leaves the field out. */
export function applySettings(event: MendableEvent, settings: readonly Setting[]): MendableEvent {
  return settings.reduce<MendableEvent>(
    (mended, { path, value }) => setField(mended, path, value === "" ? undefined : value),
    event,
  );
}
