/** The AWS account that the emulators pretend to be. */
export const emulatedAccount = {
  accountId: "123456789012",
  region: "us-east-1",
  partition: "aws",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
} as const;

export type EmulatedAccount = typeof emulatedAccount;

/** Account and region as they stand in the envelope of an event. */
export const eventOrigin = { account: emulatedAccount.accountId, region: emulatedAccount.region };
