import type { PopulatedAccount } from "../chime/seedDirectory.ts";
import { type SampleAccount, sampleAccounts, sampleUsers } from "../sampleDay/sampleAccounts.ts";

/** The accounts of the sample day, as the Chime simulator is seeded with them. */
export function sampleDirectory(): PopulatedAccount[] {
  return Object.values(sampleAccounts).map(toPopulatedAccount);
}

/** An account of that kind, with its people, as the simulator is seeded with it. */
export function toPopulatedAccount(account: SampleAccount): PopulatedAccount {
  const { id, type, supportedLicenses, defaultLicense } = account;
  const people = sampleUsers(account).map(({ userId, email, licenseType, status }) => ({
    id: userId,
    email,
    license: licenseType,
    registration: status,
  }));
  return { id, type, supportedLicenses, defaultLicense, people };
}
