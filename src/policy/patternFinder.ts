import { matchesPattern } from "./matchesPattern.ts";

/** The pattern that a text fits, as the policy has it; `undefined` if it fits none. Case makes no difference. */
export type FindPattern = (text: string) => string | undefined;

/**
 * Indexes patterns once. Whoever is named to the letter goes before every `*`; of several patterns the first counts, in
 * the order of the policy.
 */
export function patternFinder(patterns: readonly string[]): FindPattern {
  const exact = new Map<string, string>();
  const others: { pattern: string; lowerCase: string }[] = [];
  for (const pattern of patterns) {
    const lowerCase = pattern.toLowerCase();
    if (pattern.includes("*")) others.push({ pattern, lowerCase });
    else if (!exact.has(lowerCase)) exact.set(lowerCase, pattern);
  }
  return (text) => {
    const lowerCase = text.toLowerCase();
    return (
      exact.get(lowerCase) ?? others.find((other) => matchesPattern(other.lowerCase, lowerCase))?.pattern
    );
  };
}
