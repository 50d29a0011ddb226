import type { Operation } from "../directory.ts";
import type { DirectoryKind } from "../directoryKind.ts";
import { chimeAccountTypes } from "./chimeCapabilities.ts";

const callNames: Readonly<Record<Operation, string>> = {
  create: "InviteUsers",
  suspend: "BatchSuspendUser",
  unsuspend: "BatchUnsuspendUser",
  setLicense: "BatchUpdateUser",
  signOut: "LogoutUser",
  resetPin: "ResetPersonalPIN",
};

/**
 * Amazon Chime as a kind of directory. Its user administration has no resource types, so AWS accepts no permission narrower than
 * one for all accounts.
 *
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonchime.html
 */
export const chimeKind: DirectoryKind = {
  accountTypes: Object.entries(chimeAccountTypes).map(([type, rest]) => ({
    type,
    suspension: "reversible",
    callNames,
    ...rest,
  })),
  endpoint: { service: "Chime", variable: "AWS_ENDPOINT_URL_CHIME", flag: "--chime-endpoint" },
  permissions: {
    getAccount: action("GetAccount"),
    listUsers: action("ListUsers"),
    perform: {
      create: action(callNames.create),
      suspend: action(callNames.suspend),
      unsuspend: action(callNames.unsuspend),
      setLicense: action(callNames.setLicense),
      signOut: action(callNames.signOut),
      resetPin: action(callNames.resetPin),
    },
  },
};

function action(call: string): string {
  return `chime:${call}`;
}
