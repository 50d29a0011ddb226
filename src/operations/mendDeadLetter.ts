import { isJsonObject, parseJson } from "../events/boundedJson.ts";
import { toEntry } from "../events/eventEntry.ts";
import { describeProblems } from "../events/problems.ts";
import type { PublishedLine } from "../events/publishEvents.ts";
import type { StoredDeadLetter } from "../queue/storedDeadLetter.ts";
import { type DiscardedBy, toRejectedEntry } from "./discardEntry.ts";
import { chooseDeadLetters, type DeadLetterResult, useDeadLetters } from "./listDeadLetters.ts";
import type { PublishRefusal } from "./publishLines.ts";
import {
  type DiscardKind,
  type DiscardPorts,
  deletedKinds,
  discard,
  type Resolution,
} from "./resolveDeadLetters.ts";

/** The event of a dead letter, as a line of `rollcall publish` in parts. */
export interface MendableEvent {
  "detail-type": unknown;
  detail: unknown;
}

/** A dead letter that is to be mended. It is back in its queue meanwhile: an operator may take longer than SQS hides it. */
export interface OpenedLetter {
  letter: StoredDeadLetter;
  event: MendableEvent;
}

export type OpenResult =
  | { kind: "opened"; opened: OpenedLetter }
  /** Several letters have the id, or the letter holds no HR event. */
  | { kind: "unfit"; reason: string };

/** Reads one dead letter, and puts it back. Throws what the queues throw. */
export function openDeadLetter(
  id: string,
  ports: Parameters<typeof useDeadLetters>[0],
): Promise<DeadLetterResult<OpenResult>> {
  return useDeadLetters<OpenResult>(ports, async ({ letters }) => {
    const { chosen, missing } = chooseDeadLetters(letters, { ids: [id] }, ports.now());
    const [letter] = chosen;
    if (letter === undefined) return { kind: "missing", ids: missing };
    return { kind: "done", report: chosen.length > 1 ? several(chosen) : toOpened(letter) };
  });
}

function several(letters: readonly StoredDeadLetter[]): OpenResult {
  const ids = letters.map(({ messageId }) => messageId).join(", ");
  return {
    kind: "unfit",
    reason: `${letters.length} dead letters have this id; name one by its message: ${ids}`,
  };
}

function toOpened(letter: StoredDeadLetter): OpenResult {
  if (letter.pipeline === "okta")
    return {
      kind: "unfit",
      reason: "it is Okta's own event; publish the HR event by hand, and discard this one",
    };
  const body = parseJson(letter.body);
  if (!isJsonObject(body))
    return {
      kind: "unfit",
      reason: "its body is no JSON object; publish the event by hand, and discard this one",
    };
  return {
    kind: "opened",
    opened: { letter, event: { "detail-type": body["detail-type"], detail: body.detail } },
  };
}

/** What an operator has made of it, checked. */
export type Mended =
  | { kind: "mended"; line: string; eventId: string }
  | { kind: "malformed"; problems: string };

/**
 * Checks a mended event, and gives it an id of its own where its first one has been decided about: that decision stands as
 * rejected, and its discard forbids every copy. A letter that could not be read keeps its id.
 */
export function checkMended({ letter, event: before }: OpenedLetter, mended: MendableEvent): Mended {
  const wasDecided = toRejectedEntry(letter) !== undefined;
  const event = wasDecided && idOf(mended) === idOf(before) ? withNewId(mended) : mended;
  const line = JSON.stringify(event);
  const check = toEntry(Buffer.from(line), { unchecked: false });
  switch (check.status) {
    case "entry":
      return { kind: "mended", line, eventId: idOf(event) ?? "" };
    case "malformed":
      return { kind: "malformed", problems: describeProblems(check.problems) };
    case "refused":
      return { kind: "malformed", problems: `${check.code}: ${check.message}` };
  }
}

function metadataOf({ detail }: MendableEvent): Record<string, unknown> | undefined {
  return isJsonObject(detail) && isJsonObject(detail.metadata) ? detail.metadata : undefined;
}

function idOf(event: MendableEvent): string | undefined {
  const id = metadataOf(event)?.id;
  return typeof id === "string" ? id : undefined;
}

function withNewId(event: MendableEvent): MendableEvent {
  const metadata = metadataOf(event);
  if (metadata === undefined || !isJsonObject(event.detail)) return event;
  return { ...event, detail: { ...event.detail, metadata: { ...metadata, id: `${idOf(event)}-mended` } } };
}

/** Sets a field of an event, such as `data.email`; a path begins below `detail`, or is `detail-type`. */
export function setField(event: MendableEvent, path: string, value: unknown): MendableEvent {
  if (path === "detail-type") return { ...event, "detail-type": value };
  return { ...event, detail: withField(event.detail, path.split("."), value) };
}

function withField(object: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const fields = isJsonObject(object) ? object : {};
  return {
    ...fields,
    [name]: withField(Object.hasOwn(fields, name) ? fields[name] : undefined, rest, value),
  };
}

export interface MendPorts extends Omit<DiscardPorts, "confirm"> {
  publish: (line: string) => Promise<PublishedLine | PublishRefusal>;
}

/** What became of the mended event, and of its dead letter. */
export type MendResult =
  | { kind: "notPublished"; reason: string }
  /** Somebody else has redriven or discarded it since it was opened; nothing was published. */
  | { kind: "gone" }
  | { kind: "published"; discarded: MendDiscard };

type MendDiscard = Pick<Resolution<DiscardKind>, "kind" | "reason">;

/**
 * Publishes the mended event, and discards the dead letter once the bus has the event. An interruption in between leaves the
 * dead letter: the mended event is published again then, under the same id. Throws what the queues throw.
 */
export function publishMended(
  { letter: { messageId } }: OpenedLetter,
  line: string,
  { by, because, ...ports }: MendPorts & DiscardedBy,
): Promise<DeadLetterResult<MendResult>> {
  return useDeadLetters<MendResult>(ports, async ({ letters, gone }) => {
    const letter = letters.find((each) => each.messageId === messageId);
    const queue = ports.queues.find(({ pipeline }) => pipeline === letter?.pipeline);
    if (letter === undefined || queue === undefined) return { kind: "done", report: { kind: "gone" } };
    const published = await ports.publish(line);
    if ("kind" in published || published.status !== "accepted")
      return { kind: "done", report: { kind: "notPublished", reason: reasonOf(published) } };
    const [discarded] = await discard(queue, [letter], { ...ports, discardedBy: { by, because } });
    const { kind, reason }: MendDiscard = discarded ?? { kind: "untouched" };
    if (deletedKinds.includes(kind)) gone.add(letter);
    return {
      kind: "done",
      report: { kind: "published", discarded: { kind, ...(reason !== undefined && { reason }) } },
    };
  });
}

function reasonOf(published: Exclude<PublishedLine, { status: "accepted" }> | PublishRefusal): string {
  if ("kind" in published) return published.message;
  switch (published.status) {
    case "malformed":
      return describeProblems(published.problems);
    case "refused":
      return `${published.code}: ${published.message}`;
    case "unsent":
      return published.reason;
  }
}
