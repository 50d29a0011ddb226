import { rosterOrigin, unlistedPrefix } from "../../events/hrEvent.ts";
import type { Ledger, OwnersAnswer } from "../../ledger/ledger.ts";
import type { PersonDecisions, ScopedDecision } from "../decision.ts";
import { ledgerUnavailable, type Outcome, type PersonResult } from "../outcome.ts";
import type { Addresses } from "./lookUpUsers.ts";

type Group = PersonDecisions<ScopedDecision>;

/** The addresses under which a group's user may be found. */
export type FindAddresses = (group: Group) => Addresses;

export interface OwnAddresses {
  /** Of each group that may be gone on with. */
  addresses: ReadonlyMap<Group, Addresses>;
  /** Of people of whom the ledger does not tell whose an address is, or tells that HR has decided about them since. */
  withheld: readonly PersonResult[];
}

/**
 * Finds the addresses of people: an earlier one counts only if it is nobody else's today. Addresses pass from one person to the
 * next, and the next one's user would be suspended. The ledger knows whose they are, and so do the other events of the batch.
 *
 * A roster has found the user by all addresses itself, and knows all their owners: its events need no look-up by an earlier one.
 */
export async function findOwnAddresses(
  groups: readonly Group[],
  ledger: Pick<Ledger, "ownersOf">,
): Promise<OwnAddresses> {
  const unlisted = groups.filter(({ newest }) => isUnlisted(newest));
  const renamed = groups.filter(({ newest }) => earlierAddresses(newest).length > 0);
  const current = (group: Group): [Group, Addresses] => [group, [group.newest.email]];
  if (renamed.length + unlisted.length === 0)
    return { addresses: new Map(groups.map(current)), withheld: [] };
  const asked = [
    ...renamed.flatMap(({ newest }) => earlierAddresses(newest)),
    ...unlisted.map(({ newest }) => newest.email),
  ];
  const emails = [...new Set(asked)];
  const answers = await ledger.ownersOf(emails);
  const owners = new Map(emails.map((email, index) => [email, answers[index]]));
  const inBatch = new Map(groups.map(({ newest }) => [newest.email, newest.personId]));
  const addresses = new Map(groups.map(current));
  const withheld: PersonResult[] = [];
  for (const group of unlisted) {
    const outcome = refuseUnlisted(group.newest, owners.get(group.newest.email));
    if (outcome === undefined) continue;
    withheld.push({ group, outcome });
    addresses.delete(group);
  }
  for (const group of renamed) {
    const { email, personId } = group.newest;
    const earlier = earlierAddresses(group.newest);
    const answersOf = earlier.map((address) => owners.get(address));
    if (answersOf.some((answer) => answer?.kind !== "known")) {
      const fault = answersOf.find((answer) => answer?.kind === "fault");
      withheld.push({ group, outcome: ledgerUnavailable(fault) });
      addresses.delete(group);
      continue;
    }
    const isOwn = (address: string) =>
      (inBatch.get(address) ?? personId) === personId && isNobodyElses(owners.get(address), personId);
    addresses.set(group, [email, ...earlier.filter(isOwn)]);
  }
  return { addresses, withheld };
}

function isUnlisted({ origin, personId }: ScopedDecision): boolean {
  // A namespace may stand in front.
  return origin === rosterOrigin && personId.slice(personId.indexOf("/") + 1).startsWith(unlistedPrefix);
}

/** An account without a row is left alone if HR has decided about its address since the export: a joiner of today has no row yet. */
function refuseUnlisted(
  { occurredAt }: ScopedDecision,
  answer: OwnersAnswer | undefined,
): Outcome | undefined {
  if (answer?.kind !== "known") return ledgerUnavailable(answer);
  return answer.owners.some(
    ({ personId, decidedAt }) => decidedAt > occurredAt && !personId.includes(unlistedPrefix),
  )
    ? { kind: "excluded", rule: "roster.absent: HR has decided about the address since the export" }
    : undefined;
}

/** Earlier addresses by which a user may be found. */
export function earlierAddresses({ origin, email, previousEmails }: ScopedDecision): readonly string[] {
  return origin === rosterOrigin ? [] : previousEmails.filter((address) => address !== email);
}

function isNobodyElses(answer: OwnersAnswer | undefined, personId: string): boolean {
  return answer?.kind === "known" && answer.owners.every((owner) => owner.personId === personId);
}
