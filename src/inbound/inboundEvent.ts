import { createHash } from "node:crypto";
import type * as z from "zod";
import type { DetailType } from "../events/hrEvent.ts";
import { withoutInvisible } from "../events/lookAlikes.ts";
import { type ProfileField, profileFields } from "../events/userProfile.ts";
import type { RememberedAddresses } from "../ledger/addressMemory.ts";

/**
 * What a source's message means for Rollcall.
 *
 * - `event`: an HR event, to be published.
 * - `ignored`: the message changes nobody's access or license.
 * - `invalid`: the message should have become an event and cannot; an operator must look.
 * - `lookUp`: the message only names somebody, and the vendor's API must be asked for that person's fields.
 * - `recall`: a leaver without an address, whom the ledger may know by the id.
 *
 * `why` goes to the log, so it names nobody.
 */
export type Reading = FinalReading | Recall | LookUp;

/** A reading for which no API has to be called. */
export type FinalReading =
  | { kind: "event"; event: InboundEvent }
  | { kind: "ignored"; why: string }
  | { kind: "invalid"; why: string };

export interface LookUp {
  kind: "lookUp";
  request: VendorRequest;
  /** Reads the message together with the JSON of the response, which is unchecked. */
  interpret: (json: unknown) => FinalReading | Recall;
  /** What the message means if the API knows nobody of that id; otherwise it is invalid then. */
  notFound?: FinalReading | Recall;
}

export interface Recall {
  kind: "recall";
  leaver: Omit<InboundEvent, "type" | "person"> & { personId: string };
}

/** A request to a vendor's API that responds with JSON. */
export interface VendorRequest {
  method: "GET" | "POST";
  url: string;
  headers: Readonly<Record<string, string>>;
  /** JSON text. */
  body?: string;
}

/** An event as a source's adapter drafts it. The schema is checked when it is published. */
export interface InboundEvent {
  type: DetailType;
  source: SourceName;
  /** The same for each delivery of the same message: the idempotency key. */
  id: string;
  /** When the source decided. */
  occurredAt: string;
  person: { personId: string; email: string };
  fields?: InboundEventFields;
  /** The source says that the address is a new one. */
  hasNewAddress?: true;
}

/** The systems that events are made for. Each is the `origin` of its events, and part of their ids. */
const sourceNames = ["bamboohr", "hibob", "gusto", "okta"] as const;

export type SourceName = (typeof sourceNames)[number];

/** Fields that only some events have; a field that is undefined is left out. */
export interface InboundEventFields {
  previousEmails?: readonly string[] | undefined;
  effectiveDate?: string | undefined;
  timeZone?: string | undefined;
  role?: string | undefined;
  reason?: string | undefined;
  urgency?: "immediate" | undefined;
  profile?: VendorProfile | undefined;
}

/** What a vendor says of a person, unchecked. A text that is wrong is left out where the event is received, and told there. */
export type VendorProfile = Partial<Record<ProfileField, string | undefined>>;

/** Only these make a user. No other event has names, for which it would have no use. */
const typesWithProfile: readonly DetailType[] = ["EmployeeHired", "EmployeeReturned"];

/** HR systems take an address with what was pasted along, and do not repeat what is refused. */
export function toInboundEvent({
  fields: { profile, ...fields } = {},
  person: { personId, email },
  ...event
}: InboundEvent): FinalReading {
  const texts = typesWithProfile.includes(event.type) ? sendable(profile) : {};
  const said = Object.keys(texts).length > 0 && { profile: texts };
  const person = { personId, email: withoutInvisible(email) };
  return { kind: "event", event: { ...event, person, fields: { ...fields, ...said } } };
}

/** A leaver with an address, or one whom HR has no address of any more: it clears it, or deletes the person with it. */
export function toLeaver(
  email: string | undefined,
  { personId, ...leaver }: Recall["leaver"],
): FinalReading | Recall {
  if (email === undefined || withoutInvisible(email) === "")
    return { kind: "recall", leaver: { personId, ...leaver } };
  return toInboundEvent({ ...leaver, type: "EmployeeLeft", person: { personId, email } });
}

/** A leaver under the addresses that the ledger knows, the surest first. */
export function toRecalledLeaver(
  [email = "", ...previousEmails]: readonly string[],
  { personId, fields, ...leaver }: Recall["leaver"],
): FinalReading {
  const earlier = previousEmails.length > 0 && { previousEmails };
  return toInboundEvent({
    ...leaver,
    type: "EmployeeLeft",
    person: { personId, email },
    fields: { ...fields, ...earlier },
  });
}

/**
 * What the ledger remembers, unless another system has decided about the id: each numbers its people for itself, and the addresses may
 * be those of somebody else.
 */
export function unlessOfAnotherSource(
  remembered: RememberedAddresses,
  source: SourceName,
): RememberedAddresses {
  if (remembered.kind !== "known") return remembered;
  const { decidedBy = "" } = remembered;
  const isOfAnother = sourceNames.some((other) => other !== source && decidedBy.startsWith(`${other}-`));
  return isOfAnother ? { kind: "passedOn" } : remembered;
}

/**
 * A person who has another address than the ledger knows. It is a change of one person where the source says so, or where the
 * decision that stands came from the same source: an id of its own is nobody else's. Otherwise two people may share the id.
 */
export function withEarlierAddresses(event: InboundEvent, remembered: RememberedAddresses): InboundEvent {
  const { source, person, fields, hasNewAddress } = event;
  if (remembered.kind !== "known") return event;
  const { addresses, decidedBy = "" } = remembered;
  const isSamePerson = hasNewAddress === true || decidedBy.startsWith(`${source}-`);
  if (!isSamePerson || addresses.includes(person.email.toLowerCase())) return event;
  const previousEmails = [...new Set([...(fields?.previousEmails ?? []), ...addresses])];
  return { ...event, fields: { ...fields, previousEmails } };
}

/** Leaves out the characters that no queue takes: the bus would refuse the whole event for a name. */
function sendable(profile: VendorProfile = {}): VendorProfile {
  const texts: VendorProfile = {};
  for (const field of profileFields) {
    const text = profile[field]?.replaceAll(/[\p{Cs}\ufffe\uffff]/gu, "").trim();
    if (text) texts[field] = text;
  }
  return texts;
}

export const ignored = (why: string): FinalReading => ({ kind: "ignored", why });
export const invalid = (why: string): FinalReading => ({ kind: "invalid", why });

/** Reports a message without the shape that its sender documents: it names the fields, and none of their values. */
export function notAsDocumented(what: string, { issues }: z.ZodError): FinalReading {
  const places = issues.map(({ path }) => path.join(".") || "the whole");
  return invalid(`${what} is not as documented: ${places.join(", ")}`);
}

/** The event as a line for `publishEvents`. */
export function toEventLine({ type, source, id, occurredAt, person, fields }: InboundEvent): string {
  return JSON.stringify({
    source: `rollcall.${source}`,
    "detail-type": type,
    detail: {
      metadata: { id, schemaVersion: "1.0", occurredAt, correlationId: id, origin: source },
      data: { ...person, ...fields },
    },
  });
}

/**
 * Makes an event's id for a message that has none. The same content gives the same id, so that a second delivery is a
 * duplicate. 128 bits of SHA-256, which no two messages share by chance.
 */
export function stableId(source: string, content: unknown): string {
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  return `${source}-${hash.slice(0, 32)}`;
}
