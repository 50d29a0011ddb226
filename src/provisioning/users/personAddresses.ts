import { rosterOrigin } from "../../events/hrEvent.ts";
import type { Ledger, OwnersAnswer } from "../../ledger/ledger.ts";
import type { PersonDecisions, ScopedDecision } from "../decision.ts";
import { ledgerUnavailable, type PersonResult } from "../outcome.ts";
import type { Addresses } from "./lookUpUsers.ts";

type Group = PersonDecisions<ScopedDecision>;

/** The addresses under which a group's user may be found. */
export type FindAddresses = (group: Group) => Addresses;

export interface OwnAddresses {
  /** Of each group that may be gone on with. */
  addresses: ReadonlyMap<Group, Addresses>;
  /** Of people of whom the ledger does not tell whose their earlier addresses are. */
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
  const renamed = groups.filter(({ newest }) => earlierAddresses(newest).length > 0);
  const current = (group: Group): [Group, Addresses] => [group, [group.newest.email]];
  if (renamed.length === 0) return { addresses: new Map(groups.map(current)), withheld: [] };
  const emails = [...new Set(renamed.flatMap(({ newest }) => earlierAddresses(newest)))];
  const answers = await ledger.ownersOf(emails);
  const owners = new Map(emails.map((email, index) => [email, answers[index]]));
  const inBatch = new Map(groups.map(({ newest }) => [newest.email, newest.personId]));
  const addresses = new Map(groups.map(current));
  const withheld: PersonResult[] = [];
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

function earlierAddresses({ origin, email, previousEmails }: ScopedDecision): readonly string[] {
  return origin === rosterOrigin ? [] : previousEmails.filter((address) => address !== email);
}

function isNobodyElses(answer: OwnersAnswer | undefined, personId: string): boolean {
  return answer?.kind === "known" && answer.owners.every((owner) => owner.personId === personId);
}
