import type { DetailType } from "../../events/hrEvent.ts";
import { undoPlaceOf } from "../../ledger/decisionOrder.ts";
import { beforeHrsOwn } from "../../provisioning/parseRecords.ts";
import { undoOrigin, type WrongChange } from "./findWrongChanges.ts";

/** What is published for a wrong change: a return for a leave, a leave for a hire or a return, a license for a license. */
export type UndoAction = "return" | "leave" | "license";

/** What is published for one wrong change. It holds the person's addresses, so no report has it. */
export interface UndoDraft {
  change: WrongChange;
  action: UndoAction;
  /** The license of a user who is let in anew. */
  license?: string;
}

/** A run of undoing: the correlation id of its events, and when it was, in milliseconds since the epoch. */
export interface UndoRun {
  id: string;
  at: number;
}

const detailTypeOf: Record<UndoAction, DetailType> = {
  return: "EmployeeReturned",
  leave: "EmployeeLeft",
  license: "LicenseChanged",
};

/**
 * The line that publishes an undo. It has the times of the decision that it undoes and the time at which the bus received that one: so it has
 * the place directly after it, and every other decision that came later comes after it.
 */
export function toUndoLine({ change, action, license }: UndoDraft, { id, at }: UndoRun): string {
  const { personId, accountId, email, previousEmails, before, standing, head } = change;
  const { first, isFirstLeave, nth, occurredAt, effectiveAt } = placeOf(change);
  // Where nobody knows it, the decision counts as received before all others. That of a license that follows lies far back.
  const busTime = head.busTimes?.[head.settled?.version ?? ""] ?? 0;
  const ofFollowUp = busTime < 0;
  const metadata = {
    id: undoId(change),
    schemaVersion: "1.0",
    occurredAt: new Date(occurredAt).toISOString(),
    correlationId: id,
    origin: undoOrigin,
    busTime: new Date(ofFollowUp ? busTime + beforeHrsOwn : busTime).toISOString(),
    undoes: {
      id: standing.eventId,
      // A leave that a return has left waiting has the place after that return.
      ...(first !== standing.eventId && { first }),
      nth,
      ...(isFirstLeave && { ofLeave: true }),
      ...(ofFollowUp && { ofFollowUp }),
      accountId,
      at: new Date(at).toISOString(),
    },
  };
  const licenseType = before.kind === "license" ? before.license : license;
  const data = {
    personId,
    email,
    ...(previousEmails.length > 0 && { previousEmails }),
    ...(effectiveAt !== occurredAt && { effectiveAt: new Date(effectiveAt).toISOString() }),
    ...(licenseType !== undefined && { licenseType }),
  };
  return JSON.stringify({ "detail-type": detailTypeOf[action], detail: { metadata, data } });
}

interface UndoingPlace {
  first: string;
  isFirstLeave: boolean;
  nth: number;
  /** Milliseconds since the epoch. */
  occurredAt: number;
  effectiveAt: number;
}

/** The place of the undo: that of the decision which stands, as its head has it, and one further. */
function placeOf({ head, standing }: Pick<WrongChange, "head" | "standing">): UndoingPlace {
  const place = undoPlaceOf(head.settled?.version ?? standing.version);
  if (place === undefined)
    throw new Error(
      `expected the version of ${standing.eventId} to be one; this is a defect, please report it`,
    );
  const { eventId: first, isLeave: isFirstLeave, nth, ...times } = place;
  return { first, isFirstLeave, nth: nth + 1, ...times };
}

const longestId = 128;

/** The id of an undo is the same each time, so that whoever undoes twice publishes duplicates. It is as long as an id may be. */
export function undoId(change: Pick<WrongChange, "head" | "standing">): string {
  const { first, nth, occurredAt } = placeOf(change);
  const prefix = `#undo${nth === 1 ? "" : nth}:`;
  const characters = [...first];
  if (prefix.length + characters.length <= longestId) return `${prefix}${first}`;
  const start = `${prefix}${occurredAt.toString(36)}:`;
  return `${start}${characters
    .slice(start.length - longestId)
    .join("")
    .trimStart()}`;
}
