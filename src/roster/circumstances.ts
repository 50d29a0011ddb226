import { createHash } from "node:crypto";
import type { Policy } from "../policy/policy.ts";
import type { Finding } from "./comparison.ts";

/** What may be done about later, without a newer roster: once an account is mended, or somebody has registered. */
const mayBeMended: readonly Finding["kind"][] = ["impossible", "awaited", "conflict"];

/**
 * A digest of what a roster's events depend on besides the roster: the policy, and what could not be done. As long as it is
 * the same, publishing the roster again would bring nothing new. Who was held, rejected or changed by hand makes no
 * difference to it.
 */
export function circumstancesOf(findings: readonly Finding[], policy: Policy): string {
  const left = findings.filter(({ kind }) => mayBeMended.includes(kind)).map((each) => JSON.stringify(each));
  return createHash("sha256")
    .update(JSON.stringify([policy, left.toSorted()]))
    .digest("hex");
}
