/** The addresses of one person: the current one first, then earlier ones. Lower-case. */
export type AddressList = readonly string[];

/** Joins lists that share an address: what is left apart belongs to different people, as far as anybody has said. */
function joinLists(lists: readonly AddressList[]): Set<string>[] {
  let joined: Set<string>[] = [];
  for (const list of lists) {
    const own = new Set(list);
    const alike = joined.filter((others) => list.some((address) => others.has(address)));
    for (const others of alike) for (const address of others) own.add(address);
    joined = [...joined.filter((others) => !alike.includes(others)), own];
  }
  return joined;
}

/**
 * Whether decisions under one person's id are about one person: each list of addresses shares one with another list.
 *
 * @param known what the ledger knows of the person; `undefined` where it knows nothing, or an earlier release wrote the head
 */
export function areOnePerson(known: AddressList | undefined, lists: readonly AddressList[]): boolean {
  return joinLists(known === undefined ? lists : [known, ...lists]).length <= 1;
}

/** More than an event may name. */
const mostAddresses = 40;

/** The addresses that a person is known by once a decision under these stands: the latest ones. */
export function rememberAddresses(list: AddressList, known: AddressList = []): AddressList {
  return [...new Set([...list, ...known])].slice(0, mostAddresses);
}
