import type { BatchOperation } from "../directory.ts";

/**
 * Entries that one call may carry, from the API reference of BatchSuspendUser, BatchUnsuspendUser,
 * InviteUsers and BatchUpdateUser. The SDK checks none of them, so the adapter does. LogoutUser and ResetPersonalPIN have
 * one user in their path.
 */
export const chimeBatchLimits = {
  suspend: 50,
  unsuspend: 50,
  invite: 50,
  updateLicense: 20,
  signOut: 1,
  resetPin: 1,
} as const satisfies Record<BatchOperation, number>;

/** The largest page of ListUsers. */
export const chimeUsersPerPage = 200;
