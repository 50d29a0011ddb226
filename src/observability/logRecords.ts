import { problemText } from "../events/problems.ts";
import type { Intent } from "../pipelineSettings.ts";
import type { Decision } from "../provisioning/decision.ts";
import type { PerformedCall } from "../provisioning/performCalls.ts";
import type { FinishedMessage } from "../queue/batchResponse.ts";
import type { RosterUnderstanding } from "../reconcile/reading/understanding.ts";
import type { WatchedRoster } from "../reconcile/watchRoster.ts";

/** The line that each invocation of a pipeline's function writes to its log. */
export interface InvocationLog {
  message: "drained";
  pipeline: Intent;
  records: number;
  outcomes: Record<string, number>;
  /** Batch calls made and the users in them, by operation. */
  calls: Record<string, { calls: number; users: number }>;
  milliseconds: number;
}

/** Counts the outcomes of an invocation's messages and the calls that it made. */
export function describeInvocation(
  pipeline: Intent,
  finished: readonly FinishedMessage[],
  performed: readonly PerformedCall[],
  milliseconds: number,
): InvocationLog {
  const calls: InvocationLog["calls"] = {};
  for (const { call } of performed.filter(({ started }) => started)) {
    const sum = calls[call.operation] ?? { calls: 0, users: 0 };
    calls[call.operation] = { calls: sum.calls + 1, users: sum.users + call.entries.length };
  }
  return {
    message: "drained",
    pipeline,
    records: finished.length,
    outcomes: countKinds(finished.map(({ outcome }) => outcome)),
    calls,
    milliseconds,
  };
}

/** A message, its outcome, and the ids of its event where the message could be read. */
export interface DescribedMessage extends FinishedMessage {
  decision: Pick<Decision, "eventId" | "correlationId"> | undefined;
}

/**
 * Writes a line for each message that was rejected or is to be retried. It names the message and the reason, and no person. What is
 * paused has none: it would be every message each few minutes, and the invocation's line counts them.
 */
export function describeFailures(pipeline: Intent | "okta", finished: readonly DescribedMessage[]) {
  return finished.flatMap(({ message, outcome, decision }) => {
    if (outcome.kind !== "retry" && outcome.kind !== "rejected") return [];
    if (outcome.code === "Paused") return [];
    const { kind, code, reason, requestId, cause: error } = outcome;
    const { messageId, receiveCount } = message;
    const { eventId, correlationId } = decision ?? {};
    return [
      {
        message: kind,
        pipeline,
        messageId,
        receiveCount,
        eventId,
        correlationId,
        code,
        reason,
        requestId,
        error,
      },
    ];
  });
}

/** Writes a line for each leaver whom the policy excludes, and who so keeps access. It names the rule, and no person. */
export function describeExcludedLeavers(pipeline: Intent, finished: readonly DescribedMessage[]) {
  if (pipeline !== "offboard") return [];
  return finished.flatMap(({ message: { messageId }, outcome, decision }) => {
    if (outcome.kind !== "excluded") return [];
    const { eventId, correlationId } = decision ?? {};
    const { kind, rule } = outcome;
    return [{ message: kind, pipeline, messageId, eventId, correlationId, rule }];
  });
}

/** Writes a line for each message that waits because the clock of its sender is ahead. It names no person. */
export function describeFromTheFuture(pipeline: Intent, finished: readonly DescribedMessage[]) {
  return finished.flatMap(({ message: { messageId }, outcome, decision }) => {
    if (outcome.kind !== "deferred" || outcome.because !== "fromTheFuture") return [];
    const { eventId, correlationId } = decision ?? {};
    const message = "dated in the future, and waits until then: look at the clock of its sender";
    return [
      { message, pipeline, messageId, eventId, correlationId, until: new Date(outcome.until).toISOString() },
    ];
  });
}

/**
 * Writes one line for all events of which texts of the person's profile were left out. It names the fields and the first event, and
 * holds none of the texts.
 */
export function describeDroppedTexts(
  pipeline: Intent,
  decided: readonly {
    decision: Pick<Decision, "eventId" | "correlationId" | "droppedTexts"> | undefined;
  }[],
) {
  const decisions = decided.flatMap(({ decision }) => (decision?.droppedTexts.length ? [decision] : []));
  const [first] = decisions;
  if (first === undefined) return [];
  const problems = decisions.flatMap(({ droppedTexts }) => droppedTexts);
  const { eventId, correlationId, droppedTexts } = first;
  return [
    {
      message:
        "texts of people's profiles are wrong, and left out: the decisions are carried out without them",
      pipeline,
      events: decisions.length,
      fields: countKinds(problems.map(({ path }) => ({ kind: path }))),
      eventId,
      correlationId,
      problems: droppedTexts.map(problemText),
    },
  ];
}

/** Describes a run over the stored roster by its counts. It names accounts, and no person. */
export function describeRoster(watched: WatchedRoster) {
  if (watched.kind === "rejected") {
    const { problems, asOf, understanding } = watched;
    return {
      message: "the roster cannot be believed, and nothing was published",
      problems,
      ...(asOf !== undefined && { asOf: new Date(asOf).toISOString() }),
      ...(understanding !== undefined && { read: describeUnderstanding(understanding) }),
    };
  }
  const { plan, publication, understanding } = watched;
  const { asOf, counts, directory, changes, findings, calls, held } = plan;
  return {
    message: "compared the roster with the directory",
    asOf: new Date(asOf).toISOString(),
    read: describeUnderstanding(understanding),
    roster: counts,
    directory,
    changes: countKinds(changes),
    findings: countKinds(findings),
    calls,
    held,
    publication,
  };
}

/** Enough of a log line; the command shows all. */
const mostListed = 20;

/** In a file whose headings were found wrongly they are the cells of a person, so those that are not read are only counted. */
function describeUnderstanding({ unread, suspicious, skipped, columns, ...read }: RosterUnderstanding) {
  return {
    ...read,
    columns: columns.slice(0, mostListed),
    unread: unread.length,
    suspicious: suspicious.length,
    skipped: skipped.slice(0, mostListed),
    skippedRows: skipped.length,
  };
}

function countKinds(entries: readonly { kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of entries) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
