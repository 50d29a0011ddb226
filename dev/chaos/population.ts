import type { PopulatedAccount } from "@rollcall/chime-simulator/seedDirectory";
import {
  type ChimeSampleAccount,
  type SampleAccount,
  sampleAccounts,
  sampleUser,
  scimSampleAccount,
  toPopulatedAccount,
} from "../sampleDay/sampleAccounts.ts";
import type { ScimSampleAccount } from "../sampleDay/sampleScim.ts";

/** A person of the events of a run. */
export interface RunPerson {
  /** The run's own name of the person. HR's id, unless two people share one. */
  personId: string;
  /** HR's id of two people, by which their events name them. */
  sharedId?: string;
  email: string;
  accountId: string;
  /** Absent for a newcomer, whom the directory does not have when the run begins. */
  userId?: string;
}

/** Two users of an account who have one address: nobody can tell which of them a decision is about. */
export type SharedAddress = Pick<RunPerson, "personId" | "email" | "accountId">;

/**
 * The accounts and people of a run. Two of the accounts at Amazon Chime take invitations, and one of these hides whom it has suspended.
 */
export interface Population {
  atChime: ChimeSampleAccount[];
  /** One of each kind of target, or none. */
  atScim: ScimSampleAccount[];
  /** All of them. */
  accounts: SampleAccount[];
  people: RunPerson[];
  sharedAddresses: SharedAddress[];
}

/** A Team account as AWS's documents may be read too: suspended users are gone until they are invited again. */
export const hidingAccount: ChimeSampleAccount = {
  ...sampleAccounts.team,
  id: "team-0002",
  domain: "example.net",
  personPrefix: "P-H",
};

/** The kinds of SCIM targets of a run: for one in two people there the one that keeps to the standard. */
const scimAccounts: readonly { account: ScimSampleAccount; share: number }[] = [
  { account: scimSampleAccount, share: 0.45 },
  {
    // Without bulk requests, and whoever is asked for in another case is not found.
    account: {
      ...scimSampleAccount,
      id: "scim-0002",
      domain: "single.example",
      personPrefix: "P-CS",
      behavior: { bulk: { supported: false }, filters: { caseSensitive: true } },
    },
    share: 0.15,
  },
  {
    account: {
      ...scimSampleAccount,
      id: "scim-0003",
      domain: "bulk-liar.example",
      personPrefix: "P-CB",
      lies: { oneIn: 1, bulkOnly: true },
    },
    share: 0.15,
  },
  {
    account: {
      ...scimSampleAccount,
      id: "scim-0004",
      domain: "liar.example",
      personPrefix: "P-CL",
      lies: { oneIn: 10 },
    },
    share: 0.15,
  },
];

/**
 * Creates people for so many events, in accounts of the packaged policy and in one more.
 *
 * @param scim whether half of the people are at a SCIM target
 */
export function createPopulation(events: number, { scim = false } = {}): Population {
  const everybody = Math.max(20, Math.ceil(events / decisionsPerPerson));
  const size = scim ? Math.ceil(everybody / 2) : everybody;
  const team = resized(sampleAccounts.team, Math.ceil(size * 0.35));
  const hiding = resized(hidingAccount, Math.ceil(size * 0.25));
  const lwa = resized(sampleAccounts.lwa, Math.ceil(size * 0.3));
  const newcomers = Array.from({ length: Math.ceil(size * 0.1) }, (_, index) =>
    newcomer(index % 2 === 0 ? team : hiding, index + 1),
  );
  const people = [...members(team), ...members(hiding), ...members(lwa), ...newcomers];
  const pairs = Math.ceil(size / onePairIn);
  const atChime = [team, hiding, lwa];
  const atScim = scim
    ? scimAccounts.map(({ account, share }) => resized(account, Math.ceil(size * share)))
    : [];
  const newAtScim = atScim.flatMap((account, place) =>
    Array.from({ length: Math.ceil((size * 0.1) / atScim.length) }, (_, index) =>
      newcomer(account, newcomers.length + index * atScim.length + place + 1),
    ),
  );
  return {
    atChime,
    atScim,
    accounts: [...atChime, ...atScim],
    people: [...shareIds(people, { team, lwa, pairs }), ...atScim.flatMap(members), ...newAtScim],
    sharedAddresses: [team, lwa].flatMap((account) => sharedAddressesOf(account, pairs)),
  };
}

/** How many decisions a person has on average. */
const decisionsPerPerson = 6;
/** One pair in so many people shares an id. In two accounts as many share an address. */
const onePairIn = 40;

/** The accounts at Amazon Chime as seeds of its simulator. */
export function directoryOf({ atChime, sharedAddresses }: Population): PopulatedAccount[] {
  return atChime.map((account) => {
    const populated = toPopulatedAccount(account);
    const alike = sharedAddresses.filter(({ accountId }) => accountId === account.id);
    const both = alike.flatMap(({ personId, email }) =>
      ["one", "other"].map((which) => ({ id: `${account.id}-${which}-${personId}`, email })),
    );
    return {
      ...populated,
      people: [...(populated.people ?? []), ...both],
      ...(account.id === hidingAccount.id && { suspendedUsers: "absent" as const }),
    };
  });
}

/** The account with so many users. One in eight is suspended when the run begins. */
function resized<Account extends SampleAccount>(account: Account, users: number): Account & SampleAccount {
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

/** Gives the last members of both accounts one id, two by two, as two HR systems may do. */
function shareIds(
  people: readonly RunPerson[],
  { team, lwa, pairs }: { team: SampleAccount; lwa: SampleAccount; pairs: number },
): RunPerson[] {
  const sharedIds = new Map<string, string>();
  for (let nth = 0; nth < pairs; nth += 1)
    for (const account of [team, lwa])
      sharedIds.set(sampleUser(account, account.users - nth).personId, `P-S${nth + 1}`);
  return people.map((person) => {
    const sharedId = sharedIds.get(person.personId);
    return sharedId === undefined ? person : { ...person, sharedId };
  });
}

function sharedAddressesOf({ id, domain, personPrefix }: SampleAccount, count: number): SharedAddress[] {
  return Array.from({ length: count }, (_, index) => ({
    personId: `${personPrefix}A${index + 1}`,
    email: `mailbox${index + 1}@${domain}`,
    accountId: id,
  }));
}
