/** The pattern that a text fits, as the policy has it; `undefined` if it fits none. Case makes no difference. */
export type FindPattern = (text: string) => string | undefined;

/**
 * Indexes the policy's patterns, in which only `*` has a meaning. A pattern without a `*` that equals the text precedes every
 * pattern with one; of several such patterns the first applies, in the order of the policy.
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

/**
 * Whether a text fits a pattern in which `*` stands for any characters, none included. It is case-sensitive: give both in
 * lower case to ignore case. It goes through the text once, whatever the pattern, because the text comes from strangers.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  const [start = "", ...parts] = pattern.split("*");
  const end = parts.pop();
  if (end === undefined) return pattern === text;
  if (!text.startsWith(start)) return false;
  let from = start.length;
  for (const part of parts) {
    const found = text.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return text.length - end.length >= from && text.endsWith(end);
}
