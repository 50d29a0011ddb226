/** Whether a text fits a pattern in which `*` stands for any characters and `?` for one, as in IAM policies. */
export function matchesGlob(pattern: string, text: string): boolean {
  const source = [...pattern].map(toRegExp).join("");
  return new RegExp(`^${source}$`, "su").test(text);
}

function toRegExp(character: string): string {
  if (character === "*") return ".*";
  if (character === "?") return ".";
  return character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
}

/** ARNs are compared part by part: an asterisk does not reach over a colon, but for the last, sixth part. */
export function matchesArn(pattern: string, arn: string): boolean {
  const wanted = partsOf(pattern);
  const parts = partsOf(arn);
  return (
    wanted.length === 6 &&
    parts.length === 6 &&
    wanted.every((part, index) => matchesGlob(part, parts[index] ?? ""))
  );
}

function partsOf(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
