import { accountAdministration } from "./accountAdministration.ts";
import { accountSettings } from "./accountSettings.ts";
import { invitations } from "./invitations.ts";
import type { OperationName } from "./operationTable.ts";
import type { Perform } from "./perform.ts";
import { singleUsers } from "./singleUsers.ts";
import { suspensions } from "./suspensions.ts";
import { userUpdates } from "./userUpdates.ts";

/** What each of the sixteen operations does; the compiler sees to it that none is missing. */
export const operations: Record<OperationName, Perform> = {
  ...suspensions,
  ...userUpdates,
  ...invitations,
  ...singleUsers,
  ...accountAdministration,
  ...accountSettings,
};
