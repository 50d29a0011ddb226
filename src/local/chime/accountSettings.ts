import { z } from "zod";
import { onAccount, type Perform } from "./perform.ts";

const settings = z.object({
  DisableRemoteControl: z.boolean().optional(),
  EnableDialOut: z.boolean().optional(),
});

/** The two switches of an account. https://docs.aws.amazon.com/chime/latest/APIReference/API_AccountSettings.html */
export const accountSettings = {
  GetAccountSettings: onAccount(z.object({}), (_, { account }) => ({
    kind: "answered",
    body: {
      AccountSettings: {
        DisableRemoteControl: account.disableRemoteControl,
        EnableDialOut: account.enableDialOut,
      },
    },
  })),
  UpdateAccountSettings: onAccount(z.object({ AccountSettings: settings }), (input, record) => {
    const { DisableRemoteControl, EnableDialOut } = input.AccountSettings;
    record.account = {
      ...record.account,
      disableRemoteControl: DisableRemoteControl ?? record.account.disableRemoteControl,
      enableDialOut: EnableDialOut ?? record.account.enableDialOut,
    };
    return { kind: "answered" };
  }),
} satisfies Record<string, Perform>;
