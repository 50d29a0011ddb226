/**
 * The claims of a head that are open. There is more than one where workers died: a newer decision is claimed over an older one
 * whose claim has not ended, and that one is open again if the newer ends without standing.
 */
export interface OpenClaims {
  /** The version of the latest one. No older decision is granted while it is open. */
  readonly claimed?: string;
  /** The versions of those that it found open, the oldest first. */
  readonly claimedBefore?: readonly string[];
  /** Of the latest one. `until` in milliseconds since the epoch. */
  readonly lease?: { owner: string; until: number };
}

/**
 * The most that are remembered beside the latest. Each takes another worker that died, so that more would be no chance. The oldest
 * are forgotten first: a newer one holds up all that they do.
 */
const mostBefore = 10;

/** The versions of the open claims, the oldest first. */
export function openVersions({ claimed, claimedBefore = [] }: OpenClaims): readonly string[] {
  return claimed === undefined ? claimedBefore : [...claimedBefore, claimed];
}

/** The open claims with these versions, the oldest first, and nobody's lease. */
export function toOpenClaims(versions: readonly string[]): OpenClaims {
  const claimed = versions.at(-1);
  if (claimed === undefined) return {};
  const before = versions.slice(0, -1).slice(-mostBefore);
  return { claimed, ...(before.length > 0 && { claimedBefore: before }) };
}

/** Claims a decision that is no older than those whose claims are open. One that was interrupted has found itself. */
export function withClaim(
  claims: OpenClaims,
  version: string,
  lease: { owner: string; until: number },
): OpenClaims {
  const others = openVersions(claims).filter((each) => each !== version);
  return { ...toOpenClaims([...others, version]), lease };
}

/** Ends claims. The others stay open, with their lease if the latest is among them. */
export function withoutClaims(claims: OpenClaims, ended: readonly string[]): OpenClaims {
  const left = toOpenClaims(openVersions(claims).filter((each) => !ended.includes(each)));
  const { claimed, lease } = claims;
  return { ...left, ...(lease !== undefined && left.claimed === claimed && { lease }) };
}
