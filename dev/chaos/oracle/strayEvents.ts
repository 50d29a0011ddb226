import type { RunPerson } from "../population.ts";
import type { HrDecision } from "./decisionHistory.ts";
import type { JournalRecord } from "./observations.ts";

/** The evidence about events that must change nothing, change it for one of two people only, or change nothing before their time. */
export interface StrayEvidence {
  decisions: readonly HrDecision[];
  deadByCode: ReadonlyMap<string, string>;
  people: readonly RunPerson[];
  journal: ReadonlyMap<string, JournalRecord>;
  deadLetters: ReadonlyMap<string, readonly string[]>;
}

/**
 * Finds events that have to be dead letters and were taken for others, or refused for another reason; a sentence each. That the
 * directory is unchanged shows elsewhere: nobody has decided anything else about their people.
 */
export function findDeadLettersTaken({ deadByCode, journal, deadLetters }: StrayEvidence): string[] {
  return [...deadByCode].flatMap(([id, expected]) => {
    const { outcome, code = "" } = journal.get(id) ?? {};
    if (outcome !== undefined && outcome !== "rejected")
      return [`${id} is to be a dead letter (${expected}), and the journal says "${outcome}" of it`];
    const codes = deadLetters.get(id) ?? [];
    const others = [...codes, ...(outcome === undefined ? [] : [code])].filter((each) => each !== expected);
    if (others.length > 0) return [`${id} is to be a dead letter (${expected}), and is one by ${others[0]}`];
    // Without a journal entry and a dead letter it is lost, which is found elsewhere.
    return outcome !== undefined && codes.length === 0 ? [`${id} was rejected, and is no dead letter`] : [];
  });
}

const ambiguous = "PersonAmbiguous";

/** Whether the service refused to say whom the decision is about, because two people have its id. */
export function isAmbiguous(id: string, journal: StrayEvidence["journal"]): boolean {
  const { outcome, code } = journal.get(id) ?? {};
  return outcome === "rejected" && code === ambiguous;
}

/**
 * What decisions want that were refused as ambiguous after more than one try, by person and aspect: an earlier try may have made the
 * change before the other person's decision stood. Their dead letters say so.
 */
export function findBegunBeforeAmbiguous({
  decisions,
  journal,
  receives,
}: Pick<StrayEvidence, "decisions" | "journal"> & {
  receives: ReadonlyMap<string, number>;
}): Map<string, Set<string>> {
  const begun = new Map<string, Set<string>>();
  for (const { id, personId, aspect, wants } of decisions) {
    if (!isAmbiguous(id, journal) || (receives.get(id) ?? 0) < 2) continue;
    const key = `${personId} ${aspect}`;
    begun.set(key, (begun.get(key) ?? new Set()).add(wants));
  }
  return begun;
}

/**
 * Finds decisions that were refused as ambiguous although nobody shares the person's id, or although no dead letter tells of them,
 * and decisions that gave way to one about another person; a sentence each.
 */
export function findMixedPeople({ decisions, people, journal, deadLetters }: StrayEvidence): string[] {
  const sharing = new Set(
    people.flatMap(({ personId, sharedId }) => (sharedId === undefined ? [] : personId)),
  );
  const personOf = new Map(decisions.map(({ id, personId }) => [id, personId]));
  return decisions.flatMap(({ id, personId }) => {
    if (isAmbiguous(id, journal)) {
      if (!sharing.has(personId))
        return [`${personId}: ${id} was refused as ambiguous, and nobody has the same id`];
      const isTold = deadLetters.get(id)?.includes(ambiguous) ?? false;
      return isTold ? [] : [`${personId}: ${id} was refused as ambiguous, and is no dead letter`];
    }
    const { outcome, code = "" } = journal.get(id) ?? {};
    const other = personOf.get(code);
    return outcome === "superseded" && other !== undefined && other !== personId
      ? [`${personId}: ${id} gave way to ${code}, which is about ${other}`]
      : [];
  });
}

/** So far ahead a clock of HR's may be without being noticed. */
const toleratedMilliseconds = 5 * 60_000;
const endings: readonly string[] = ["applied", "unchanged", "rejected"];

/**
 * Finds decisions that ended before they took effect, or before the time at which HR made them by its own clock, and decisions that gave way
 * to one of the latter before; a sentence each.
 */
export function findEarlyOutcomes({ decisions, journal }: StrayEvidence): string[] {
  const madeAt = new Map(decisions.map(({ id, occurredAt }) => [id, occurredAt - toleratedMilliseconds]));
  return decisions.flatMap(({ id, personId, occurredAt, effectiveAt, follows }) => {
    const { outcome = "", code = "", recordedAt = 0 } = journal.get(id) ?? {};
    const isDated = effectiveAt > occurredAt && follows === undefined;
    if (isDated && ["applied", "unchanged"].includes(outcome) && recordedAt < effectiveAt)
      return [`${personId}: ${id} was ${outcome} before it took effect`];
    const isEarly = (time: number | undefined) => time !== undefined && recordedAt < time;
    if (endings.includes(outcome) && isEarly(madeAt.get(id)))
      return [`${personId}: ${id} was ${outcome} before the time at which HR made it`];
    return outcome === "superseded" && isEarly(madeAt.get(code))
      ? [`${personId}: ${id} gave way to ${code} before the time at which HR made that`]
      : [];
  });
}
