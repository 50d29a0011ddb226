import { isFinalOutcome, type JournalEntry, type TrailStep } from "./ledger.ts";

/** Steps that are kept: the first, and the latest ones. An event that waits for its user is put off each day for a month. */
const mostSteps = 100;

/**
 * The entry that is written for a new outcome of an event: with the steps of the one that stands there, and its own. `undefined`
 * if it is final, or tells the same: a redelivered event must not write "superseded" over the "applied" of its first delivery.
 */
export function overwriteEntry(
  standing: JournalEntry | undefined,
  entry: JournalEntry,
): JournalEntry | undefined {
  if (standing !== undefined && isFinalOutcome(standing.outcome)) return undefined;
  if (standing !== undefined && isObservedAgain(standing, entry)) return undefined;
  const before = standing === undefined ? [] : trailOf(standing);
  return { ...entry, trail: addSteps(before, stepsOf(entry)) };
}

/** A copy of a message tells nothing new of what a trial would have done. */
function isObservedAgain(standing: JournalEntry, entry: JournalEntry): boolean {
  return standing.outcome === "observed" && entry.outcome === "observed" && standing.code === entry.code;
}

/** The operator's part of a release, a redrive, an undo or a discard. `now` in milliseconds since the epoch. */
interface Signature {
  by: string;
  note?: string;
  now: number;
}

/** The entry of a held decision that an operator releases: it stays open until the decision is carried out. */
export function signEntry(entry: JournalEntry, { by, note, now }: Signature): JournalEntry {
  const signed = { by, ...(note !== undefined && { note }) };
  return { ...addStep(entry, { at: new Date(now).toISOString(), step: "released", ...signed }), ...signed };
}

/** The entry of an event whose dead letter an operator sends back to its queue. Whatever it says besides stays. */
export function redriveEntry(entry: JournalEntry, { by, note, now }: Signature): JournalEntry {
  const signed = { by, ...(note !== undefined && { note }) };
  return addStep(entry, { at: new Date(now).toISOString(), step: "redriven", ...signed });
}

/** The entry of an event that an operator undoes, by another event of that id. Whatever it says besides stays. */
export function undoEntry(entry: JournalEntry, undo: string, { by, note, now }: Signature): JournalEntry {
  const signed = { by, ...(note !== undefined && { note }) };
  return addStep(entry, { at: new Date(now).toISOString(), step: "undone", code: undo, ...signed });
}

/** Another operator's discard may have been interrupted after its entry. */
export function isDiscardable(entry: JournalEntry): boolean {
  return !isFinalOutcome(entry.outcome) || entry.outcome === "discarded";
}

/** The entry of a held decision that an operator discards. */
export function discardEntry(entry: JournalEntry, { by, note, now }: Signature): JournalEntry {
  const settledAt = new Date(now).toISOString();
  const signed = { by, ...(note !== undefined && { note }) };
  const trailed = addStep(entry, { at: settledAt, step: "discarded", ...signed });
  return { ...trailed, ...signed, outcome: "discarded", settledAt };
}

/** The entry of a decision that waited, and that a newer one has replaced. `undefined` if it waits no longer. */
export function supersedeEntry(entry: JournalEntry, by: string, at: string): JournalEntry | undefined {
  if (entry.outcome !== "deferred" && entry.outcome !== "held") return undefined;
  const trailed = addStep(entry, { at, step: "superseded", code: by });
  return { ...trailed, outcome: "superseded", code: by, settledAt: at };
}

/** Adds a step to an entry. */
function addStep(entry: JournalEntry, step: TrailStep): JournalEntry {
  return { ...entry, trail: addSteps(trailOf(entry), [step]) };
}

/** The steps of an entry; for one that an earlier release wrote, what it tells of itself. */
export function trailOf(entry: JournalEntry): readonly TrailStep[] {
  return entry.trail ?? stepsOf(entry);
}

function stepsOf({
  receivedAt: at,
  settledAt,
  outcome,
  code,
  requestId,
  receives,
  by,
  note,
  tie,
}: JournalEntry): TrailStep[] {
  const ended: TrailStep = { at: settledAt, step: outcome };
  if (code !== undefined) ended.code = code;
  if (requestId !== undefined) ended.requestId = requestId;
  if (receives !== undefined && receives > 1) ended.receives = receives;
  if (tie !== undefined) ended.tie = tie;
  // Who released it stands with the release already.
  if (outcome === "discarded") {
    if (by !== undefined) ended.by = by;
    if (note !== undefined) ended.note = note;
  }
  return [{ at, step: "received" }, ended];
}

/** A step that is there already is not added again: a write whose answer was lost is made twice. */
function addSteps(before: readonly TrailStep[], added: readonly TrailStep[]): TrailStep[] {
  const steps = [...before];
  for (const step of added)
    if (!steps.some(({ at, step: kind }) => at === step.at && kind === step.step)) steps.push(step);
  return steps.length <= mostSteps ? steps : [...steps.slice(0, 1), ...steps.slice(1 - mostSteps)];
}
