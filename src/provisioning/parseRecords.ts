import { effectiveTime } from "../events/eventTime.ts";
import type { HrEvent } from "../events/hrEvent.ts";
import { type ParsedHrEvent, parseEnvelope, parseHrEvent } from "../events/parseEvent.ts";
import { codeOfProblems, describeProblems, type Problem } from "../events/problems.ts";
import { profileOf } from "../events/userProfile.ts";
import type { UserBefore } from "../ledger/ledger.ts";
import type { Pipeline } from "../pipelineSettings.ts";
import { guarded, unreadable } from "./boundary.ts";
import { type Decision, type QueueRecord, type UndoneEvent, versionKey } from "./decision.ts";
import type { MessageOutcome, Outcome } from "./outcome.ts";

/**
 * Parses queue records into decisions. A malformed or misrouted record is rejected, and fails none of its neighbours, whatever
 * its parsing throws.
 */
export function parseRecords(
  records: readonly QueueRecord[],
  pipeline: Pipeline,
): { decisions: Decision[]; outcomes: MessageOutcome[] } {
  const decisions: Decision[] = [];
  const outcomes: MessageOutcome[] = [];
  records.forEach((record, index) => {
    const parsed = guarded<Decision | Outcome>(
      () => parseRecord(record, index, pipeline),
      (error) => unreadable("the event could not be read", error),
    );
    if ("kind" in parsed) outcomes.push({ index, outcome: parsed });
    else decisions.push(parsed);
  });
  return { decisions, outcomes };
}

function parseRecord(record: QueueRecord, index: number, pipeline: Pipeline): Decision | Outcome {
  const envelope = parseEnvelope(record.body);
  if (!envelope.ok) return malformed(envelope.problems);
  const parsed = parseHrEvent(envelope.type, envelope.detail);
  if (!parsed.ok) return malformed(parsed.problems);
  if (!pipeline.detailTypes.includes(parsed.event.type)) return misrouted(parsed.event, pipeline);
  return toDecision(parsed, pipeline, index, { ...record, time: envelope.time });
}

function toDecision(
  { event: { type, metadata, data }, dropped }: Extract<ParsedHrEvent, { ok: true }>,
  { intent, aspect }: Pipeline,
  index: number,
  record: QueueRecord & { time: string | undefined },
): Decision {
  const occurredAt = Date.parse(metadata.occurredAt);
  const effectiveAt = effectiveTime(data) ?? occurredAt;
  const follows = type === "LicenseChanged" ? data.follows : undefined;
  const { undoes } = metadata;
  const isFollowUp = follows !== undefined || undoes?.ofFollowUp === true;
  const decision: Decision = {
    index,
    receiveCount: record.receiveCount,
    receivedAt: record.receivedAt,
    firstReceivedAt: firstReceipt(record, metadata.receivedAt),
    busTime: toBusTime(metadata.busTime ?? record.time) - (isFollowUp ? beforeHrsOwn : 0),
    eventId: metadata.id,
    correlationId: metadata.correlationId,
    origin: metadata.origin,
    personId: data.personId,
    accountId: undefined,
    intent,
    aspect,
    email: data.email.toLowerCase(),
    previousEmails: data.previousEmails?.map((email) => email.toLowerCase()) ?? none,
    userId: data.userId,
    role: data.role,
    attributes: data.attributes,
    profile: profileOf(data.profile),
    droppedTexts: dropped,
    reason: type === "EmployeeLeft" ? data.reason : undefined,
    licenseType: "licenseType" in data ? data.licenseType : undefined,
    follows,
    urgent: type === "EmployeeLeft" && data.urgency === "immediate",
    occurredAt,
    effectiveAt,
    version: versionKey({
      occurredAt,
      effectiveAt,
      intent,
      eventId: metadata.id,
      ...(undoes && {
        undoing: {
          first: undoes.first ?? undoes.id,
          isFirstLeave: undoes.ofLeave === true,
          nth: undoes.nth,
        },
      }),
    }),
    waitingSince: metadata.waitingSince === undefined ? undefined : Date.parse(metadata.waitingSince),
  };
  if (undoes !== undefined) decision.undoes = toUndone(undoes);
  if (data.userBefore !== undefined) decision.userBefore = withoutUndefined(data.userBefore);
  return decision;
}

function toUndone({ id, accountId, at }: NonNullable<HrEvent["metadata"]["undoes"]>): UndoneEvent {
  return { eventId: id, accountId, at: Date.parse(at) };
}

function withoutUndefined({ status, license }: NonNullable<HrEvent["data"]["userBefore"]>): UserBefore {
  return license === undefined ? { status } : { status, license };
}

const none: readonly string[] = [];

/** An event that waited says when it was received before. */
function firstReceipt({ receivedAt }: QueueRecord, told: string | undefined): number {
  return told === undefined ? receivedAt : Math.min(receivedAt, Date.parse(told));
}

/**
 * Of licenses with the same times one that HR names itself stands over one that follows, whichever the bus received later. Of two that
 * follow the one counts whose cause it received later. In milliseconds: more than the years that a time may have.
 */
export const beforeHrsOwn = 1e15;

/** A redrive and an archive leave the envelope as it is. Where a program wrote one without a time, nobody knows. */
function toBusTime(time: string | undefined): number {
  const parsed = Date.parse(time ?? "");
  return Number.isFinite(parsed) ? Math.max(parsed, 0) : 0;
}

function malformed(problems: readonly Problem[]): Outcome {
  return { kind: "rejected", code: codeOfProblems(problems), reason: describeProblems(problems) };
}

function misrouted({ type }: HrEvent, { intent, detailTypes }: Pipeline): Outcome {
  const reason = `${type} is not for the ${intent} pipeline, which takes ${detailTypes.join(", ")}; send it through the event bus`;
  return { kind: "rejected", code: "Misrouted", reason };
}
