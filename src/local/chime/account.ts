import type { AccountStatus, AccountType, License } from "./vocabulary.ts";

/** An account as the simulator holds it. */
export interface Account {
  readonly id: string;
  readonly awsAccountId: string;
  readonly name: string;
  readonly type: AccountType;
  readonly status: AccountStatus;
  readonly defaultLicense: License;
  readonly supportedLicenses: readonly License[];
  readonly createdAt: Date;
  readonly disableRemoteControl: boolean;
  readonly enableDialOut: boolean;
}

/** What a caller says about an account; the rest has defaults. */
export interface AccountSeed {
  id: string;
  type: AccountType;
  name?: string;
  status?: AccountStatus;
  /** Default: the first supported license. */
  defaultLicense?: License;
  /** Default: Basic and Pro. */
  supportedLicenses?: readonly License[];
}

const awsAccountId = "123456789012";

/** @throws if the default license is not among the supported ones: no such account exists. */
export function toAccount(seed: AccountSeed, createdAt: Date): Account {
  const supportedLicenses = seed.supportedLicenses ?? ["Basic", "Pro"];
  const defaultLicense = seed.defaultLicense ?? supportedLicenses[0];
  if (defaultLicense === undefined || !supportedLicenses.includes(defaultLicense)) {
    throw new Error(
      `Account ${seed.id}: expected a default license among [${supportedLicenses.join(", ")}], got ${defaultLicense}. Add it to supportedLicenses.`,
    );
  }
  return {
    id: seed.id,
    awsAccountId,
    name: seed.name ?? seed.id,
    type: seed.type,
    status: seed.status ?? "Active",
    defaultLicense,
    supportedLicenses,
    createdAt,
    disableRemoteControl: false,
    enableDialOut: true,
  };
}

/** The `Account` shape of the wire. https://docs.aws.amazon.com/chime/latest/APIReference/API_Account.html */
export function toWireAccount(account: Account) {
  return {
    AwsAccountId: account.awsAccountId,
    AccountId: account.id,
    Name: account.name,
    AccountType: account.type,
    CreatedTimestamp: account.createdAt.toISOString(),
    DefaultLicense: account.defaultLicense,
    SupportedLicenses: account.supportedLicenses,
    AccountStatus: account.status,
    SigninDelegateGroups: [],
  };
}
