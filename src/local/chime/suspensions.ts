import { z } from "zod";
import { replaceUser } from "./directoryState.ts";
import { eachUser } from "./eachUser.ts";
import { userIds } from "./inputFields.ts";
import { onAccount, type Perform } from "./perform.ts";
import type { User } from "./user.ts";

const input = z.object({ UserIdList: userIds });
const idOf = (id: string) => id;

/**
 * Suspension and its end.
 *
 * The documentation says that a user suspended from a Team account is dissociated from it, goes on as a free
 * user, and that an invitation *removes the suspension*. It does not say whether ListUsers still shows such a
 * user. Taken here: the account remembers the user under the same id, with the status `Suspended`, because
 * there must be something for the invitation to remove, and because DeleteAccount counts suspended users. The
 * other reading, gone until invited again, is the setting `suspendedTeamUsers: "absent"`. The license stays
 * in either reading: an invitation that "removes the suspension" is taken to restore the user as the user was.
 *
 * A Team user keeps a signed-in client until LogoutUser; on EnterpriseLWA the suspension signs out by itself.
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_BatchSuspendUser.html
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_BatchUnsuspendUser.html
 */
export const suspensions = {
  BatchSuspendUser: onAccount(input, ({ UserIdList: items }, record, context) => {
    const change = (user: User) => {
      const signedIn = user.signedIn && record.account.type === "Team";
      replaceUser(record, { ...user, registration: "Suspended", signedIn });
      return undefined;
    };
    return eachUser({ items, idOf, record, context, change });
  }),
  BatchUnsuspendUser: onAccount(input, ({ UserIdList: items }, record, context) => {
    const change = (user: User) => {
      // Whoever is not suspended is ignored: no change, and no error either.
      if (user.registration === "Suspended") replaceUser(record, { ...user, registration: "Registered" });
      return undefined;
    };
    return eachUser({ items, idOf, record, context, change });
  }),
} satisfies Record<string, Perform>;
