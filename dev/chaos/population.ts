import type { PopulatedAccount } from "@rollcall/chime-simulator/seedDirectory";
import {
  type SampleAccount,
  sampleAccounts,
  sampleUser,
  toPopulatedAccount,
} from "../sampleDay/sampleAccounts.ts";

/** A person of the events of a run. */
export interface RunPerson {
  personId: string;
  email: string;
  accountId: string;
  /** Absent for a newcomer, whom the directory does not have when the run begins. */
  userId?: string;
}

/** The accounts and people of a run. One of the accounts takes invitations, and one does not. */
export interface Population {
  accounts: SampleAccount[];
  people: RunPerson[];
}

/** Creates people for so many events, in accounts of the packaged policy. */
export function createPopulation(events: number): Population {
  const size = Math.max(20, Math.ceil(events / decisionsPerPerson));
  const team = resized(sampleAccounts.team, Math.ceil(size * 0.55));
  const lwa = resized(sampleAccounts.lwa, Math.ceil(size * 0.35));
  const newcomers = Array.from({ length: Math.ceil(size * 0.1) }, (_, index) => newcomer(team, index + 1));
  return { accounts: [team, lwa], people: [...members(team), ...members(lwa), ...newcomers] };
}

/** How many decisions a person has on average. */
const decisionsPerPerson = 6;

/** The accounts as seeds of the Chime simulator. */
export function directoryOf({ accounts }: Population): PopulatedAccount[] {
  return accounts.map(toPopulatedAccount);
}

/** The account with so many users. One in eight is suspended when the run begins. */
function resized(account: SampleAccount, users: number): SampleAccount {
  return { ...account, users, suspended: Math.floor(users / 8) };
}

function members(account: SampleAccount): RunPerson[] {
  return Array.from({ length: account.users }, (_, index) => {
    const { personId, email, userId } = sampleUser(account, index + 1);
    return { personId, email, userId, accountId: account.id };
  });
}

function newcomer(account: SampleAccount, ordinal: number): RunPerson {
  const number = String(ordinal).padStart(4, "0");
  return { personId: `P-N${number}`, email: `newcomer${number}@${account.domain}`, accountId: account.id };
}
