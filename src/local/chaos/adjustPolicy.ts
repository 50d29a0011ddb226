import type { Policy } from "../../policy/policy.ts";

/**
 * The packaged policy in, the run's out. Nearly everybody leaves and returns many times in a minute here, and the oracle
 * knows of no operator who would release those whom the safeguard holds. Leavers are signed out, so that this can go wrong.
 */
export function adjustPolicy(policy: Policy): Policy {
  return { ...policy, safeguard: false, afterSuspension: { signOut: true } };
}
