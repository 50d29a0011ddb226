import type { FollowedRoster } from "../roster/followRoster.ts";

/** The one line about a look at the roster. It counts, and names accounts, but nobody. */
export function describeRoster(followed: FollowedRoster) {
  if (followed.kind === "disbelieved") {
    const { problems, asOf } = followed;
    return {
      message: "the roster cannot be believed, and nothing was published",
      problems,
      ...(asOf !== undefined && { asOf: new Date(asOf).toISOString() }),
    };
  }
  const { plan, publication } = followed;
  const { asOf, counts, directory, changes, findings, calls, held } = plan;
  return {
    message: "compared the roster with the directory",
    asOf: new Date(asOf).toISOString(),
    roster: counts,
    directory,
    changes: countKinds(changes),
    findings: countKinds(findings),
    calls,
    held,
    publication,
  };
}

function countKinds(entries: readonly { kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of entries) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
