import { emulatedAccount } from "./emulatedAccount.ts";

/** The account of the emulators, and the stack in it that this repository deploys there: the service's stage `dev`. */
export const localAccount = { ...emulatedAccount, stackName: "rollcall-dev" } as const;
