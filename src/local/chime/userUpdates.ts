import { z } from "zod";
import { type AccountRecord, replaceUser } from "./directoryState.ts";
import { eachUser } from "./eachUser.ts";
import { refuse } from "./exceptions.ts";
import { type UserChange, updateItems, userChange } from "./inputFields.ts";
import { onAccount, onUser, type Perform } from "./perform.ts";
import { toWireUser, type User } from "./user.ts";

const batchInput = z.object({ UpdateUserRequestItems: updateItems });
type UserUpdate = z.output<typeof updateItems>[number];

/**
 * Changes of license and type. A license that the account does not support fails one user of a batch, and the
 * whole call where the call is about one user.
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_BatchUpdateUser.html
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_UpdateUser.html
 */
export const userUpdates = {
  BatchUpdateUser: onAccount(batchInput, ({ UpdateUserRequestItems: items }, record, context) => {
    const change = (user: User, item: UserChange) => {
      const objection = objectionTo(item, record);
      if (objection !== undefined) return { code: "BadRequest", message: objection };
      replaceUser(record, changed(user, item));
      return undefined;
    };
    return eachUser({ items, idOf: (item: UserUpdate) => item.UserId, record, context, change });
  }),
  UpdateUser: onUser(userChange, (change, user, record) => {
    const objection = objectionTo(change, record);
    if (objection !== undefined) return refuse("BadRequestException", objection);
    const updated = replaceUser(record, changed(user, change));
    return { kind: "answered", body: { User: toWireUser(updated, record.account.id) } };
  }),
} satisfies Record<string, Perform>;

function objectionTo({ LicenseType }: UserChange, { account }: AccountRecord): string | undefined {
  if (LicenseType === undefined || account.supportedLicenses.includes(LicenseType)) return undefined;
  return `Account ${account.id} supports the licenses [${account.supportedLicenses.join(", ")}], got ${LicenseType}.`;
}

function changed(user: User, change: UserChange): User {
  return {
    ...user,
    license: change.LicenseType ?? user.license,
    type: change.UserType ?? user.type,
    alexaForBusiness: { ...user.alexaForBusiness, ...change.AlexaForBusinessMetadata },
  };
}
