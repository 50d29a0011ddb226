import pMap from "p-map";
import type { Discards, Redrives } from "../ledger/operatorDecisions.ts";
import type { QualifyPerson } from "../policy/policyRules.ts";
import type { DeadLetterQueue, ReceivedDeadLetters } from "../queue/deadLetterQueue.ts";
import type { StoredDeadLetter } from "../queue/storedDeadLetter.ts";
import { type DiscardedBy, toDiscardEntry, toRejectedEntry } from "./discardEntry.ts";
import { countBy, redactForDisplay } from "./displayText.ts";
import {
  chooseDeadLetters,
  type DeadLetterFilter,
  type DeadLetterPorts,
  type DeadLetterReport,
  type DeadLetterResult,
  toDeadLetterReport,
  typedIn,
  useDeadLetters,
} from "./listDeadLetters.ts";

/** What became of each dead letter. */
export interface ResolutionReport<Kind extends string> {
  stack: string;
  count: number;
  counts: Partial<Record<Kind, number>>;
  /** Entries of the lists that no dead letter has. */
  notFound: string[];
  letters: (DeadLetterReport & { result: Kind; failure?: string })[];
}

/** What became of one dead letter; why, if it failed. */
export interface Resolution<Kind extends string> {
  letter: StoredDeadLetter;
  kind: Kind;
  reason?: string;
}

export type RedriveKind =
  | "redriven"
  /** It is where it was. */
  | "notSent"
  /** Its queue has it again, and the dead letter is still there: a second redrive would double it. */
  | "notDeleted"
  /** It is where it was: the journal did not take who redrives it. */
  | "notJournalled"
  /** The redrive was interrupted before. */
  | "untouched"
  /** It would be redriven, if this were no dry run. */
  | "chosen";

export interface RedrivePorts extends DeadLetterPorts {
  redrives: Redrives;
  /** As the policy has it; by default all ids of people share one namespace. */
  qualifyPerson?: QualifyPerson;
}

/** Who redrives, and why, for the journal. */
type RedrivenBy = Pick<DiscardedBy, "by"> & Partial<DiscardedBy>;

/**
 * Journals who puts the chosen dead letters back on their queues, and puts them back; a dry run only tells which. Throws what
 * the queues throw.
 */
export function redriveDeadLetters(
  { dryRun = false, by, because, ...filter }: DeadLetterFilter & RedrivenBy & { dryRun?: boolean },
  ports: RedrivePorts,
): Promise<DeadLetterResult<ResolutionReport<RedriveKind>>> {
  return useDeadLetters(ports, async (received) => {
    const { chosen, missing, notFound } = chooseDeadLetters(received.letters, filter, ports.now());
    if (missing.length > 0) return { kind: "missing", ids: missing };
    const results = dryRun
      ? chosen.map((letter) => ({ letter, kind: "chosen" as const }))
      : await resolveEach(chosen, received, ports, ["redriven"], (queue, letters) =>
          redrive(queue, letters, {
            ...ports,
            redrivenBy: { by, ...(because !== undefined && { because }) },
          }),
        );
    return { kind: "done", report: toResolutionReport({ results, notFound }, filter, ports) };
  });
}

/** As many as one call takes, so that a process that is killed doubles no more messages than that. */
const lettersAtOnce = 10;

/**
 * Sends dead letters to the queue that they came from. The journal is told first, so that it names the operator whatever happens
 * then. A dead letter is deleted only once that queue has it, so an interruption loses none; at worst it doubles a message, which
 * the ledger recognizes. One result for each, in their order.
 */
export function redrive(
  queue: DeadLetterQueue,
  letters: readonly StoredDeadLetter[],
  context: Pick<RedrivePorts, "redrives" | "signal" | "now" | "qualifyPerson"> & { redrivenBy: RedrivenBy },
): Promise<Resolution<RedriveKind>[]> {
  return bySmallGroups<RedriveKind>(letters, context.signal, async (group) => {
    const faults = new Map(
      await pMap(group, async (letter) => [letter, await recordRedrive(letter, context)] as const),
    );
    const onRecord = group.filter((letter) => faults.get(letter) === undefined);
    const sent = await queue.sendToOrigin(onRecord);
    const deleted = await queue.delete(onRecord.filter((letter) => !sent.failed.has(letter)));
    return group.map((letter) => {
      const fault = faults.get(letter);
      if (fault !== undefined) return { letter, kind: "notJournalled", reason: fault };
      if (sent.failed.has(letter)) return { letter, kind: "notSent", reason: reasonsText(sent.errors) };
      if (deleted.failed.has(letter))
        return { letter, kind: "notDeleted", reason: reasonsText(deleted.errors) };
      return { letter, kind: "redriven" };
    });
  });
}

/** Returns why the journal did not take it. A letter that nothing was decided about has no entry, and is redriven without one. */
async function recordRedrive(
  letter: StoredDeadLetter,
  {
    redrives,
    redrivenBy: { by, because: note },
    now,
    qualifyPerson,
  }: Pick<RedrivePorts, "redrives" | "now" | "qualifyPerson"> & { redrivenBy: RedrivenBy },
): Promise<string | undefined> {
  const entry = toRejectedEntry(letter, qualifyPerson);
  if (entry === undefined) return undefined;
  const answer = await redrives.record(entry, { by, now: now(), ...(note !== undefined && { note }) });
  return answer.kind === "done" ? undefined : answer.reason;
}

export type DiscardKind =
  | "discarded"
  /** Its event had been settled by another copy, which the journal keeps. */
  | "copyDiscarded"
  /** It names no person or no event, so that there was nothing to journal. */
  | "discardedUnjournalled"
  /** It is where it was: the ledger did not take the entry, or an invocation acts on the event. */
  | "notJournalled"
  /** The entry is written, and the dead letter is still there. */
  | "notDeleted"
  /** The operation was interrupted before. */
  | "untouched";

/** After these the dead letter is gone. */
export const deletedKinds: readonly DiscardKind[] = ["discarded", "copyDiscarded", "discardedUnjournalled"];

export interface DiscardPorts extends DeadLetterPorts {
  discards: Discards;
  /** As the policy has it; by default all ids of people share one namespace. */
  qualifyPerson?: QualifyPerson;
  /** Asked before anything is changed, unless no dead letter is meant. */
  confirm: (letters: readonly DeadLetterReport[]) => Promise<boolean>;
}

/** Journals who discards the chosen dead letters and why, and deletes them. Throws what the queues throw. */
export function discardDeadLetters(
  { by, because, ...filter }: DeadLetterFilter & DiscardedBy,
  ports: DiscardPorts,
): Promise<DeadLetterResult<ResolutionReport<DiscardKind>>> {
  return useDeadLetters(ports, async (received) => {
    const { chosen, missing, notFound } = chooseDeadLetters(received.letters, filter, ports.now());
    if (missing.length > 0) return { kind: "missing", ids: missing };
    const redact = redactForDisplay(...typedIn(filter));
    const reports = chosen.map((letter) => toDeadLetterReport(letter, redact, ports.now()));
    if (chosen.length > 0 && !(await ports.confirm(reports))) return { kind: "declined" };
    const results = await resolveEach(chosen, received, ports, deletedKinds, (queue, letters) =>
      discard(queue, letters, { ...ports, discardedBy: { by, because } }),
    );
    return { kind: "done", report: toResolutionReport({ results, notFound }, filter, ports) };
  });
}

/** Discards dead letters of one queue: the journal entry first, and only then the deletion. One result for each. */
export function discard(
  queue: DeadLetterQueue,
  letters: readonly StoredDeadLetter[],
  context: Pick<DiscardPorts, "discards" | "signal" | "now"> & { discardedBy: DiscardedBy },
): Promise<Resolution<DiscardKind>[]> {
  return bySmallGroups<DiscardKind>(letters, context.signal, async (group) => {
    const journalled = await pMap(group, (letter) => journal(letter, context));
    const left = journalled.filter(({ kind }) => kind !== "notJournalled").map(({ letter }) => letter);
    const { failed, errors } = await queue.delete(left);
    return journalled.map((result) =>
      failed.has(result.letter)
        ? { letter: result.letter, kind: "notDeleted", reason: reasonsText(errors) }
        : result,
    );
  });
}

async function journal(
  letter: StoredDeadLetter,
  {
    discards,
    discardedBy,
    now,
    qualifyPerson,
  }: Pick<DiscardPorts, "discards" | "now" | "qualifyPerson"> & { discardedBy: DiscardedBy },
): Promise<Resolution<DiscardKind>> {
  const discarded = toDiscardEntry(letter, discardedBy, now(), qualifyPerson);
  if (discarded === undefined) return { letter, kind: "discardedUnjournalled" };
  const { entry, isRead } = discarded;
  const answer = await (isRead ? discards.discard(entry) : discards.discardUnread(entry));
  switch (answer.kind) {
    case "done":
      return { letter, kind: "discarded" };
    case "settled":
      return { letter, kind: "copyDiscarded" };
    case "busy": {
      const until = new Date(answer.until).toISOString();
      const reason = `an invocation may be acting on it until ${until}; see then what became of it`;
      return { letter, kind: "notJournalled", reason };
    }
    case "fault":
      return { letter, kind: "notJournalled", reason: answer.reason };
  }
}

/** Resolves the dead letters queue by queue. Those of a `deleted` kind are not put back afterwards. */
async function resolveEach<Kind extends string>(
  chosen: readonly StoredDeadLetter[],
  { gone }: ReceivedDeadLetters,
  { queues }: DeadLetterPorts,
  deleted: readonly Kind[],
  resolve: (queue: DeadLetterQueue, letters: readonly StoredDeadLetter[]) => Promise<Resolution<Kind>[]>,
): Promise<Resolution<Kind>[]> {
  const results: Resolution<Kind>[] = [];
  for (const queue of queues) {
    const own = chosen.filter(({ pipeline }) => pipeline === queue.pipeline);
    results.push(...(await resolve(queue, own)));
  }
  for (const { letter, kind } of results) if (deleted.includes(kind)) gone.add(letter);
  return results;
}

async function bySmallGroups<Kind extends string>(
  letters: readonly StoredDeadLetter[],
  signal: AbortSignal,
  resolve: (group: readonly StoredDeadLetter[]) => Promise<Resolution<Kind>[]>,
): Promise<Resolution<Kind | "untouched">[]> {
  const results: Resolution<Kind | "untouched">[] = [];
  for (let index = 0; index < letters.length; index += lettersAtOnce) {
    const group = letters.slice(index, index + lettersAtOnce);
    if (signal.aborted) results.push(...group.map((letter) => ({ letter, kind: "untouched" as const })));
    else results.push(...(await resolve(group)));
  }
  return results;
}

/** Why a batch call failed, in one line; SQS may have said it of another of its entries. */
function reasonsText(errors: readonly unknown[]): string {
  const texts = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  return [...new Set(texts)].join("; ");
}

function toResolutionReport<Kind extends string>(
  { results, notFound }: { results: readonly Resolution<Kind>[]; notFound: string[] },
  filter: DeadLetterFilter,
  { stack, now }: DeadLetterPorts,
): ResolutionReport<Kind> {
  const redact = redactForDisplay(...typedIn(filter));
  const resolvedAt = now();
  const letters = results.map(({ letter, kind, reason }) => ({
    ...toDeadLetterReport(letter, redact, resolvedAt),
    result: kind,
    ...(reason !== undefined && { failure: redact(reason) }),
  }));
  return { stack, count: letters.length, counts: countBy(results, ({ kind }) => kind), notFound, letters };
}
