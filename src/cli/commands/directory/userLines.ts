import type { AccountDetails } from "../../../directory/administration.ts";
import type { PostSuspensionAction } from "../../../directory/directory.ts";
import type { ActOnUserReport } from "../../../operations/directory/actOnUser.ts";
import type { UserListReport } from "../../../operations/directory/listAccountUsers.ts";
import type { ShownUser, UserReport, UserShowReport } from "../../../operations/directory/showUser.ts";
import { countOf } from "../../../operations/words/plainWords.ts";
import { type Target, targetText } from "../../target.ts";
import type { Screen, TextStyle } from "../../terminal.ts";
import { tableLines } from "../../textLayout.ts";
import { personLines } from "../historyLines.ts";

/** The words for an action by hand. */
export const actionWords: Record<
  PostSuspensionAction,
  { command: string; description: string; ask: string; verb: string; past: string }
> = {
  signOut: {
    command: "sign-out",
    description: "End every session of a user.",
    ask: "Sign this user out",
    verb: "sign the user out",
    past: "signed out",
  },
  resetPin: {
    command: "reset-pin",
    description: "Replace a user's personal PIN.",
    ask: "Replace the personal PIN of this user",
    verb: "replace the PIN",
    past: "given a new PIN",
  },
};

const stateStyles: Record<UserReport["state"], TextStyle> = {
  active: "green",
  invited: "yellow",
  lapsed: "yellow",
  suspended: "dim",
};

/** The users as a table, and how many there are. */
export function userLines(
  { users, count, byStatus, more }: UserListReport,
  target: Target,
  screen: Screen,
): string[] {
  if (count === 0) return [`No such user in ${targetText(target)}.`];
  const rows = users.map(({ email, userId, accountId, state, type, license, externalId }) => ({
    cells: [accountId, { text: state, style: stateStyles[state] }, license ?? "-", type, email],
    details: [`user ${userId}`, ...(externalId === null ? [] : [`HR id ${externalId}`])],
  }));
  const counts = Object.entries(byStatus).map(([state, users]) => `${users.toLocaleString("en")} ${state}`);
  return [
    ...tableLines(["ACCOUNT", "STATUS", "LICENSE", "TYPE", "ADDRESS"], rows, screen),
    "",
    `${countOf(count, "user")} (${counts.join(", ")}) in ${targetText(target)}.`,
    ...(more ? ["There may be more: --limit lets more be listed."] : []),
  ];
}

/** The directories' truth first, and then what the ledger says. */
export function showLines(
  { asked, users, absentIn, people, table }: UserShowReport,
  target: Target,
  screen: Screen,
  now: number,
): string[] {
  const bold = (text: string) => screen.paint("bold", text);
  return [
    bold("The directory says"),
    ...users.flatMap((user) => userFacts(user, screen)),
    ...(absentIn.length === 0 ? [] : [`  No user of ${asked} in ${absentIn.join(", ")}.`]),
    "",
    bold(`The ledger ${table} says`),
    ...(people.length === 0 ? [`  Nobody is known by ${asked} (${targetText(target)}).`] : []),
    ...people.flatMap((person, index) => [...(index > 0 ? [""] : []), ...personLines(person, screen, now)]),
  ];
}

function userFacts(user: ShownUser, { paint }: Screen): string[] {
  const { accountId, userId, email, type, state, license, externalId, facts } = user;
  const rows: [string, string][] = [
    ["address", email],
    ["user id", userId],
    ["license", license ?? "none"],
    ...(externalId === null ? [] : [["HR id", externalId] satisfies [string, string]]),
    ...Object.entries(facts),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const device = type === "device" ? paint("yellow", ", a shared device and nobody of HR") : "";
  return [
    `  ${accountId}: ${paint(stateStyles[state], state)}${device}`,
    ...rows.map(([name, text]) => `    ${name.padEnd(width)}  ${text}`),
  ];
}

/** Who is meant, before the question. */
export function userText(
  { accountId, userId, email, state, license }: UserReport,
  { name, type }: AccountDetails,
): string[] {
  const called = name === undefined || name === accountId ? "" : ` "${name}"`;
  return [
    `${email} (user ${userId}), ${state}${license === null ? "" : `, ${license}`}`,
    `in the account ${accountId}${called} (${type})`,
  ];
}

/** The result of a call by hand. */
export function actedLines(report: ActOnUserReport, target: Target): string[] {
  const { action, email, accountId, personId, result, requestId, journalFault } = report;
  const request = requestId === undefined ? "" : ` (request ${requestId})`;
  if (result === "failed") return [`Not ${actionWords[action].past}: ${email} of ${accountId}${request}.`];
  const where = personId === null ? `of the account ${accountId}` : `of ${personId}`;
  return [
    `${capital(actionWords[action].past)}: ${email} of ${accountId}${request}.`,
    journalFault === undefined
      ? `The journal ${where} says so, in ${targetText(target)}.`
      : `The journal ${where} has only its beginning: ${journalFault}`,
  ];
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** The message where no account has the user. */
export function notFoundText(who: string, accounts: readonly string[], target: Target): string {
  const which = accounts.length === 1 ? `account ${accounts[0]} has` : `accounts ${accounts.join(", ")} have`;
  return `the ${which} no user of ${who} (${targetText(target)}); try the e-mail address or the directory's id, or name another with --account`;
}
