import type { Grant, GrantedClaims } from "../claimDecisions.ts";
import type { PersonDecisions, ResolvedPerson, ScopedDecision, UserResolution } from "../decision.ts";
import type { AdmittedSuspensions } from "../limitSuspensions.ts";
import type { MessageOutcome, PersonResult } from "../outcome.ts";
import type { PerformedCall } from "../performCalls.ts";

type Group = PersonDecisions<ScopedDecision>;

/** What came of a round of look-ups and calls. */
export interface Round {
  people: ResolvedPerson[];
  results: PersonResult[];
  calls: PerformedCall[];
  admitted: readonly AdmittedSuspensions[];
  /** The outcomes of people whose processing threw. */
  thrown: readonly MessageOutcome[];
}

/**
 * Takes a leaver whom the account no longer knows for suspended, if the account had the user before. A service may show a
 * suspended user no more ("disassociated"), so a suspension that is made a second time is answered with "not found".
 *
 * A leaver whom nobody has ever seen in the account stays rejected: the address may be wrong, and the account open. So does one whom
 * the account has just shown again: it refuses the suspension, and the leaver is still in.
 *
 * @param results the latest ones
 * @returns the results, and the groups whose user is gone
 */
export function acceptGoneUsers(
  results: readonly PersonResult[],
  rounds: readonly Round[],
  granted: GrantedClaims,
): { results: readonly PersonResult[]; gone: readonly Group[] } {
  if (!results.some(isRejectedLeaver)) return { results, gone: [] };
  const gone: Group[] = [];
  const sightings = sightingsOf(rounds);
  const accepted = results.map((result): PersonResult => {
    const { group } = result;
    const sighting = sightings.get(group);
    if (!isRejectedLeaver(result) || sighting === undefined || !sighting.isUnknown) return result;
    if (!wasThere(sighting, granted.get(group))) return result;
    gone.push(group);
    return { group, outcome: { kind: "unchanged", because: "alreadySo" } };
  });
  return { results: accepted, gone };
}

function isRejectedLeaver({ group, outcome }: PersonResult): boolean {
  return outcome.kind === "rejected" && group.newest.intent === "offboard";
}

/** What the rounds have shown of a person's user. */
interface Sighting {
  users: UserResolution[];
  /** By the last round: no user has the address, or the service does not know an id that it has not just shown itself. */
  isUnknown: boolean;
  /** The suspension that met nobody had been made before, without an answer. */
  wasRepeated: boolean;
}

function sightingsOf(rounds: readonly Round[]): Map<Group, Sighting> {
  const sightings = new Map<Group, Sighting>();
  for (const { people, calls } of rounds) {
    for (const { group, user } of people) {
      const { users = [], wasRepeated = false } = sightings.get(group) ?? {};
      const isUnknown = user.kind === "absent";
      sightings.set(group, { users: [...users, user], isUnknown, wasRepeated });
    }
    for (const { call, results, repeated = false } of calls) {
      if (call.operation !== "suspend") continue;
      for (const { target, groups } of call.entries) {
        const result = results.get(target);
        if (result?.kind !== "failed" || result.failure.class !== "noSuchUser") continue;
        for (const group of groups) {
          const sighting = sightings.get(group);
          if (sighting === undefined) continue;
          sighting.isUnknown = sighting.users.at(-1)?.kind !== "found";
          sighting.wasRepeated = repeated;
        }
      }
    }
  }
  return sightings;
}

/** Whether the account had the user: a suspension by this decision or by an earlier one is why it has no more. */
function wasThere({ users, wasRepeated }: Sighting, grant: Grant | undefined): boolean {
  if (grant?.leftBefore || grant?.counted) return true;
  return users.some((user) => {
    if (user.kind === "found") return true;
    if (user.kind !== "known") return false;
    // An earlier try knew the id too, and its call may have been made. Without an id it had nobody to suspend.
    return user.from === "scan" || grant?.interrupted || (user.from === "memory" && wasRepeated);
  });
}

/** The items of the second round take the place of the first one's. */
export function latest<T extends { group: Group }>(rounds: readonly (readonly T[])[]): T[] {
  const [first = [], second] = rounds;
  if (second === undefined) return [...first];
  const retried = new Set(second.map(({ group }) => group));
  return [...first.filter(({ group }) => !retried.has(group)), ...second];
}
