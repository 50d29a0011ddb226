import type { DirectoryAccess } from "../chime/directoryAccess.ts";
import type { UserTally } from "./dayReport.ts";

/** Who is in each account at the moment, by account id. */
export function tallyUsers(directory: DirectoryAccess): Map<string, UserTally> {
  return new Map(
    directory.accounts().map(({ id }) => {
      const { Registered, Suspended, Unregistered } = directory.tally(id);
      return [id, { registered: Registered, invited: Unregistered, suspended: Suspended }];
    }),
  );
}
