import type { DirectoryAccess } from "../../chime/directoryAccess.ts";
import type { Person } from "../stream/population.ts";

/** What the directory shows of a person, in a decision's words: `in`, `out`, `absent`; the name of a license. */
export type Shown = Record<"access" | "license", string>;

/** What the directory shows of everybody at the moment, by their id in HR. */
export function snapshot(directory: DirectoryAccess, people: readonly Person[]): Map<string, Shown> {
  return new Map(people.map((person) => [person.personId, show(directory, person)]));
}

function show(directory: DirectoryAccess, { accountId, email }: Person): Shown {
  const user = directory.user(accountId, email);
  if (user === undefined) return { access: "absent", license: "absent" };
  const { registration, invitation, license } = user;
  const isInvited = registration === "Unregistered" && invitation === "Pending";
  if (registration === "Suspended") return { access: "out", license };
  return { access: registration === "Registered" || isInvited ? "in" : "unregistered", license };
}
