import * as z from "zod";
import { pipelineNames } from "../../pipelineSettings.ts";
import { compareDecisions, withBusTime } from "../decisionOrder.ts";
import { type Decided, type HeadState, leftByWhatStands } from "../head.ts";
import { newestMarks } from "../headMarks.ts";
import type { Claim } from "../ledger.ts";
import { toOpenClaims } from "../openClaims.ts";
import { isWaitingKind } from "../pendingStore.ts";
import type { Observation } from "../trialObservations.ts";
import { compareNotes, type Order, type WaitingNote } from "../waitingNotes.ts";
import { type Changed, changeItems } from "./changeItems.ts";
import {
  headKey,
  type Item,
  type LedgerTable,
  mapOf,
  numberAttribute,
  readItem,
  textAttribute,
  textsAttribute,
  textsMap,
  userBeforeShape,
} from "./ledgerTable.ts";

const schema = z.object({
  email: textAttribute.optional(),
  settled: textAttribute.optional(),
  settledAs: textAttribute.pipe(z.enum(["applied", "rejected"])).optional(),
  settledEventId: textAttribute.optional(),
  left: textAttribute.optional(),
  leftOf: textAttribute.optional(),
  addresses: textsAttribute.optional(),
  addressesOf: textAttribute.optional(),
  claimed: textAttribute.optional(),
  claimedBefore: textAttribute.optional(),
  claimedEarlier: textsAttribute.optional(),
  leaseOwner: textAttribute.optional(),
  leaseUntil: numberAttribute.optional(),
  pending: textsAttribute.optional(),
  approved: textAttribute.optional(),
  approvedBy: textAttribute.optional(),
  approvalNote: textAttribute.optional(),
  counted: textAttribute.optional(),
  sight: mapOf({ version: textAttribute, ...userBeforeShape }).optional(),
  discarded: textsAttribute.optional(),
  observed: textsAttribute.optional(),
  busTimes: textsAttribute.optional(),
  waiting: textsAttribute.optional(),
  absent: textsAttribute.optional(),
  endedLeaveOf: textAttribute.optional(),
});

const attributes: ReadonlySet<string> = new Set(Object.keys(schema.shape));

/**
 * The attributes that must be as they were read. The others change only together with one of these: a decision's id with its
 * version, an operator's name with the approval, the lease's end with its owner, a bus time with its version. An address decides nothing.
 */
const guarded = [
  "settled",
  "settledAs",
  "claimed",
  "claimedBefore",
  "claimedEarlier",
  "leaseOwner",
  "pending",
  "approved",
  "counted",
  "discarded",
  "observed",
  "waiting",
  "absent",
  "endedLeaveOf",
] as const satisfies (keyof typeof schema.shape)[];

/** Stands in place of a version where there was no claim, in heads that earlier releases wrote. */
const noClaim = "-";

/**
 * Whether the person has left, where what stands does not tell it. `leftOf` names what stood when it was written: a worker of an earlier
 * release moves the head, and leaves it as it was.
 */
function toLeft(
  { left, leftOf }: z.output<typeof schema>,
  settled: HeadState["settled"],
): string | undefined {
  const isOfThis = settled !== undefined && leftOf === whatStands(settled);
  return isOfThis ? left : leftByWhatStands(settled);
}

function whatStands({ version, as }: NonNullable<HeadState["settled"]>): string {
  return `${as} ${version}`;
}

/** Throws for an item that no version of Rollcall wrote. */
export function fromHeadItem(item: Item | undefined): HeadState {
  if (item === undefined) return {};
  const head = readItem(schema, item);
  const { email, settled, settledAs, settledEventId, leaseOwner, leaseUntil, approved, approvedBy } = head;
  const pending = head.pending?.filter(isWaitingKind);
  const stands =
    settled === undefined
      ? undefined
      : ({ version: settled, as: settledAs ?? "applied", eventId: settledEventId ?? "unknown" } as const);
  const left = toLeft(head, stands);
  return {
    ...(email !== undefined && { email }),
    ...(stands !== undefined && { settled: stands }),
    ...(left !== undefined && { left }),
    // A worker of an earlier release moves the head and leaves them as they were: then they may lack some.
    ...(head.addresses !== undefined && head.addressesOf === settled && { addresses: head.addresses }),
    ...toOpenClaims(openVersionsOf(head)),
    ...(leaseOwner !== undefined &&
      leaseUntil !== undefined && { lease: { owner: leaseOwner, until: leaseUntil } }),
    ...(pending !== undefined && pending.length > 0 && { pending }),
    ...(approved !== undefined &&
      approvedBy !== undefined && {
        approved: {
          version: approved,
          by: approvedBy,
          ...(head.approvalNote && { note: head.approvalNote }),
        },
      }),
    ...(head.counted !== undefined && { counted: head.counted }),
    ...(head.sight !== undefined && { sight: fromSight(head.sight) }),
    ...(head.discarded !== undefined && { discarded: head.discarded }),
    ...(head.observed !== undefined && { observed: head.observed.map(fromObservationText) }),
    ...(head.busTimes !== undefined && { busTimes: Object.fromEntries(head.busTimes.map(fromBusTimeText)) }),
    ...(head.waiting !== undefined && { waiting: head.waiting.map(fromNoteText).toSorted(compareNotes) }),
    ...(head.absent !== undefined && { absent: head.absent.map(fromOrderText).toSorted(compareDecisions) }),
    ...(head.endedLeaveOf !== undefined && { endedLeave: head.endedLeaveOf }),
  };
}

/**
 * The versions of the open claims, the oldest first. An earlier release keeps but one that a claim found, which may be the claim itself,
 * and leaves the others where they are when it lets a decision stand: then they are below it.
 */
function openVersionsOf({
  settled = "",
  claimed = noClaim,
  claimedBefore = noClaim,
  claimedEarlier = [],
  busTimes = [],
}: z.output<typeof schema>): string[] {
  const timeOf = Object.fromEntries(busTimes.map(fromBusTimeText));
  const compare = (a: string, b: string) => compareDecisions(withBusTime(a, timeOf), withBusTime(b, timeOf));
  const earlier = claimedEarlier.filter((version) => compare(version, settled) >= 0).toSorted(compare);
  return [...new Set([...earlier, claimedBefore, claimed])].filter((version) => version !== noClaim);
}

function toHeadItem(head: HeadState): Item {
  const item: Item = {};
  const { email, settled, left, addresses, claimed, claimedBefore = [], lease, pending, approved } = head;
  const { counted, sight, discarded, observed = [], busTimes = {} } = head;
  const { waiting = [], absent = [], endedLeave } = head;
  if (email !== undefined) item.email = { S: email };
  if (settled !== undefined) {
    item.settled = { S: settled.version };
    item.settledAs = { S: settled.as };
    item.settledEventId = { S: settled.eventId };
  }
  if (settled !== undefined && left !== leftByWhatStands(settled)) {
    item.leftOf = { S: whatStands(settled) };
    if (left !== undefined) item.left = { S: left };
  }
  if (settled !== undefined && addresses !== undefined) {
    item.addresses = { SS: [...addresses] };
    item.addressesOf = { S: settled.version };
  }
  if (claimed !== undefined) item.claimed = { S: claimed };
  // The releases before this one know only the latest that a claim found.
  const found = claimedBefore.at(-1);
  if (found !== undefined) item.claimedBefore = { S: found };
  if (claimedBefore.length > 1) item.claimedEarlier = { SS: claimedBefore.slice(0, -1) };
  if (lease !== undefined) {
    item.leaseOwner = { S: lease.owner };
    item.leaseUntil = { N: String(lease.until) };
  }
  if (pending !== undefined && pending.length > 0) item.pending = { SS: [...pending] };
  if (approved !== undefined) {
    item.approved = { S: approved.version };
    item.approvedBy = { S: approved.by };
    if (approved.note !== undefined) item.approvalNote = { S: approved.note };
  }
  if (counted !== undefined) item.counted = { S: counted };
  if (sight !== undefined) item.sight = { M: textsMap({ version: sight.version, ...sight.userBefore }) };
  // Earlier releases kept all of them, until the item was too large to be written.
  if (discarded !== undefined && discarded.length > 0) item.discarded = { SS: [...newestMarks(discarded)] };
  if (observed.length > 0) item.observed = { SS: observed.map(toObservationText) };
  const timed = Object.entries(busTimes);
  if (absent.length > 0) item.absent = { SS: absent.map((leave) => JSON.stringify(leave)) };
  if (endedLeave !== undefined) item.endedLeaveOf = { S: endedLeave };
  if (waiting.length > 0) item.waiting = { SS: waiting.map((note) => JSON.stringify(note)) };
  if (timed.length > 0) item.busTimes = { SS: timed.map(([version, time]) => `${time} ${version}`) };
  return item;
}

function fromSight({
  version,
  ...userBefore
}: NonNullable<z.output<typeof schema>["sight"]>): NonNullable<HeadState["sight"]> {
  return { version, userBefore };
}

/** A worker of an earlier release leaves those of decisions that the head names no more: nobody asks for them. */
function fromBusTimeText(text: string): [version: string, busTime: number] {
  const end = text.indexOf(" ");
  return [text.slice(end + 1), Number(text.slice(0, end))];
}

const order = z.object({ version: z.string(), busTime: z.number() });

function fromOrderText(text: string): Order {
  return order.parse(JSON.parse(text));
}

const noteText = z
  .string()
  .transform((text) => JSON.parse(text))
  .pipe(
    z.object({
      intent: z.enum(pipelineNames),
      eventId: z.string(),
      version: z.string(),
      busTime: z.number().exactOptional(),
      emails: z.array(z.string()),
      license: z.string().exactOptional(),
      orderedAs: order.exactOptional(),
    }),
  );

function fromNoteText(text: string): WaitingNote {
  return noteText.parse(text);
}

const observationText = z
  .string()
  .transform((text) => JSON.parse(text))
  .pipe(z.tuple([z.string(), z.string(), z.string()]));

function fromObservationText(text: string): Observation {
  const [trial, version, eventId] = observationText.parse(text);
  return { trial, version, eventId };
}

function toObservationText({ trial, version, eventId }: Observation): string {
  return JSON.stringify([trial, version, eventId]);
}

/** One aspect of one person. */
export type HeadName = Pick<Claim, "personId" | "aspect">;

export interface HeadChange<Answer> {
  head: HeadName;
  /** The head as this process wrote it last. */
  expected?: HeadState | undefined;
  decide: (head: HeadState) => Decided<Answer>;
}

/** What came of a change of a head, and the head as it was written. */
export type HeadChanged<Answer> =
  | { kind: "decided"; answer: Answer; written: HeadState | undefined }
  | Extract<Changed<Answer>, { kind: "unknown" }>;

/** Changes heads on condition that nobody has changed them meanwhile: one answer for each, in their order. */
export async function changeHeads<Answer>(
  table: LedgerTable,
  changes: readonly HeadChange<Answer>[],
): Promise<HeadChanged<Answer>[]> {
  const writtenHeads = new Array<HeadState | undefined>(changes.length);
  const changed = await changeItems(
    table,
    changes.map(({ head: { personId, aspect }, expected, decide }, index) => {
      const expectedItem = expected && toHeadItem(expected);
      return {
        key: headKey(personId, aspect),
        expected: expectedItem,
        decide: (item) => {
          // What this process wrote last need not be parsed.
          const own = item === expectedItem ? expected : undefined;
          const { answer, next } = decide(own ?? fromHeadItem(item));
          writtenHeads[index] = next;
          return { answer, ...(next !== undefined && { next: withOthers(item, toHeadItem(next)) }) };
        },
      };
    }),
    guarded,
  );
  return changed.map((one, index) =>
    one.kind === "decided" ? { ...one, written: one.written && writtenHeads[index] } : one,
  );
}

/** Attributes that this version does not know stay. */
function withOthers(item: Item | undefined, next: Item): Item {
  if (item === undefined) return next;
  const others = Object.entries(item).filter(([name]) => !attributes.has(name));
  return others.length === 0 ? next : { ...Object.fromEntries(others), ...next };
}

/** Changes one head, and throws if nobody knows whether it was changed: what the SDK throws, if it did. */
export async function changeHead<Answer>(
  table: LedgerTable,
  head: HeadName,
  decide: (head: HeadState) => Decided<Answer>,
): Promise<Answer> {
  const [changed] = await changeHeads(table, [{ head, decide }]);
  if (changed?.kind !== "decided") throw changed?.error;
  return changed.answer;
}
