/**
 * Whether a text fits a pattern in which `*` stands for any characters, none included. To the letter: whoever wants no
 * difference of case gives both in lower case. It goes through the text once, whatever the pattern.
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
