import type { History } from "./histories.ts";
import type { TrailEntry } from "./readTrail.ts";

/** What Chime refuses about one person, whatever happens. */
export interface Refusals {
  /** The code by which it refuses an operation on them. */
  permanentCode: (operation: string) => string | undefined;
  /** The exception by which it refuses every call that carries them. */
  poison: string | undefined;
}

/** What a whole call is refused by because of one of its entries. */
const exceptionsOfPoison: readonly (string | undefined)[] = [
  "BadRequestException",
  "UnprocessableEntityException",
];

/**
 * Decisions of which the journal says what cannot be; a sentence each. Whom Chime refuses every time has not been served,
 * even where the directory happens to show what was decided; and whom it does not refuse has not spoilt a call.
 */
export function findMisjudged(
  history: History,
  { permanentCode, poison }: Refusals,
  journal: ReadonlyMap<string, TrailEntry>,
): string[] {
  return history.flatMap(({ id, personId, operation }) => {
    const { outcome, code } = journal.get(id) ?? {};
    const refusal = poison ?? permanentCode(operation);
    if (outcome === "applied" && refusal !== undefined)
      return [`${personId}: the journal says that ${id} was applied, which Chime refuses (${refusal})`];
    if (outcome === "rejected" && poison === undefined && exceptionsOfPoison.includes(code))
      return [`${personId}: ${id} was rejected (${code}) for what somebody else in its call is to blame for`];
    return [];
  });
}
