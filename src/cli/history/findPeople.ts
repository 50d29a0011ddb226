import type { History, PersonHistory } from "../../ledger/personHistory.ts";

/**
 * Everyone whom the operator may mean, in the order of their ids. What looks like an address may be a person's id too,
 * where HR chose so.
 */
export async function findPeople(history: History, who: string): Promise<PersonHistory[]> {
  const atAddress = isAddress(who) ? await history.peopleAt(who.toLowerCase()) : [];
  const people: PersonHistory[] = [];
  for (const personId of [...new Set([who, ...atAddress])].sort()) {
    const person = await history.ofPerson(personId);
    if (person !== undefined) people.push(person);
  }
  return people;
}

export function isAddress(who: string): boolean {
  return who.includes("@");
}
