/** The AWS account that the emulators pretend to be. */
export const localAccount = {
  accountId: "123456789012",
  region: "us-east-1",
  partition: "aws",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
} as const;

export type LocalAccount = typeof localAccount;

/** Account and region as they stand in the envelope of an event. */
export const eventOrigin = { account: localAccount.accountId, region: localAccount.region };
