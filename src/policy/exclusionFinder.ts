import { maskEmails } from "../privacy/maskEmails.ts";
import { type FindPattern, patternFinder } from "./patternFinder.ts";
import type { Policy } from "./policy.ts";

/** Whom the policy's exclusions look at. */
interface Excludable {
  personId: string;
  email: string;
  previousEmails: readonly string[];
  role: string | undefined;
}

/** The rule that excludes somebody, such as `exclusions.addresses: *@contractors.example`. Names no address in full. */
export type FindExclusion = (person: Excludable) => string | undefined;

/**
 * Indexes the exclusions once. Earlier addresses count too: whoever must not be touched is not to be touched after a change
 * of name either.
 */
export function exclusionFinder({ exclusions = {} }: Policy): FindExclusion {
  const kinds = (["people", "addresses", "roles"] as const).flatMap((kind) => {
    const patterns = exclusions[kind] ?? [];
    return patterns.length === 0 ? [] : [{ kind, find: patternFinder(patterns) }];
  });
  return (person) => {
    for (const { kind, find } of kinds) {
      const pattern = firstFit(textsOf[kind](person), find);
      if (pattern !== undefined) return `exclusions.${kind}: ${maskEmails(pattern)}`;
    }
    return undefined;
  };
}

const textsOf = {
  people: ({ personId }: Excludable) => [personId],
  addresses: ({ email, previousEmails }: Excludable) => [email, ...previousEmails],
  roles: ({ role }: Excludable) => (role === undefined ? [] : [role]),
};

function firstFit(texts: readonly string[], find: FindPattern): string | undefined {
  for (const text of texts) {
    const pattern = find(text);
    if (pattern !== undefined) return pattern;
  }
  return undefined;
}
