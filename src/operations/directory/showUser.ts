import type { UserDetails } from "../../directory/administration.ts";
import type { Redact } from "../displayText.ts";
import { redactForDisplay } from "../displayText.ts";
import { type PersonReport, toPersonReport } from "../inspectPerson.ts";
import { type AccountAnswer, type FindUsersPorts, findUsers } from "./findUsers.ts";

/** A user as the directory has it, for people. */
export interface UserReport {
  accountId: string;
  userId: string;
  email: string;
  /** `device`: a room or another shared device, nobody of HR. */
  type: "person" | "device";
  state: UserDetails["state"];
  license: string | null;
  /** HR's id of the person, where the service has it. */
  externalId: string | null;
}

export interface ShownUser extends UserReport {
  /** What else the service tells. */
  facts: Record<string, string>;
}

/** The directories' truth about somebody, beside what the ledger says. */
export interface UserShowReport {
  asked: string;
  table: string;
  users: ShownUser[];
  /** The accounts whose directory has no such user. */
  absentIn: string[];
  failures: { accountId: string; code: string; message: string }[];
  /** What the ledger knows of the person, or of everyone at the address. */
  people: PersonReport[];
}

export interface ShowUserPorts extends FindUsersPorts {
  table: string;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Shows addresses, names and numbers in full. */
  isRevealed: boolean;
}

/**
 * Shows a user of every account that has it, by a person's id, an address, or the directory's id. Where the ledger knows nobody by what
 * was asked, whoever has the user's address is shown. Throws what the ledger throws.
 */
export async function showUser(asked: string, ports: ShowUserPorts): Promise<UserShowReport> {
  const { answers, people: known } = await findUsers(asked, ports);
  const users = answers.flatMap((answer) => (answer.kind === "found" ? [answer] : []));
  const people = known.length > 0 ? known : await peopleOf(users, ports);
  const redact: Redact = ports.isRevealed ? (text) => text : redactForDisplay(asked);
  const readAt = ports.now();
  return {
    asked,
    table: ports.table,
    users: users.map(({ accountId, user }) => ({
      ...toUserReport(accountId, user, redact),
      facts: ports.isRevealed ? { ...user.facts } : withoutNames(user.facts, redact),
    })),
    absentIn: answers.flatMap(({ kind, accountId }) => (kind === "absent" ? [accountId] : [])),
    failures: failuresOf(answers),
    people: people.map((person) => toPersonReport(person, redact, readAt)),
  };
}

async function peopleOf(
  users: readonly { user: UserDetails }[],
  { history }: Pick<FindUsersPorts, "history">,
) {
  const ids = new Set<string>();
  for (const { user } of users) for (const id of await history.peopleAt(user.email)) ids.add(id);
  const people = await Promise.all([...ids].map((id) => history.ofPerson(id)));
  return people.filter((person) => person !== undefined);
}

export function failuresOf(answers: readonly AccountAnswer[]): UserShowReport["failures"] {
  return answers.flatMap((answer) => {
    if (answer.kind !== "failed") return [];
    const { code, message } = answer.failure;
    return [{ accountId: answer.accountId, code, message }];
  });
}

export function toUserReport(
  accountId: string,
  { userId, email, type, state, license, externalId }: Omit<UserDetails, "facts">,
  redact: Redact,
): UserReport {
  return {
    accountId,
    userId: redact(userId),
    email: redact(email),
    type,
    state,
    license: license ?? null,
    externalId: externalId === undefined ? null : redact(externalId),
  };
}

/** These name a person. */
const naming = new Set(["display name", "phone number"]);

function withoutNames(facts: UserDetails["facts"], redact: Redact): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(facts)) shown[name] = naming.has(name) ? "***" : redact(value);
  return shown;
}
