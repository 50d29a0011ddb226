/** The AWS account that the embedded stack pretends to be. */
export const localAccount = {
  accountId: "123456789012",
  region: "us-east-1",
  partition: "aws",
  stackName: "rollcall-dev",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
} as const;

export type LocalAccount = typeof localAccount;

/** What the account's events say of where they come from. */
export const eventOrigin = { account: localAccount.accountId, region: localAccount.region };
