import { chimeClients } from "../../directory/chime/chimeClients.ts";
import { chimeDirectory } from "../../directory/chime/chimeDirectory.ts";
import { DirectoryError } from "../../directory/failure.ts";
import type { Policy } from "../../policy/policy.ts";
import { type DirectoryListing, readDirectory } from "../../roster/readDirectory.ts";
import { clientSettings } from "../aws/clientSettings.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { statusLine } from "../statusLine.ts";
import { countOf, type Terminal } from "../terminal.ts";

export type AccountsReading =
  | { kind: "read"; listings: DirectoryListing[] }
  | Exclude<CommandEnd, { kind: "done" }>;

/** Reads all accounts of the policy from Chime, with a count on the terminal meanwhile. */
export async function readAccountsOf(
  { accounts }: Policy,
  endpoint: string | undefined,
  { stderr }: Terminal,
): Promise<AccountsReading> {
  const {
    requestHandler: _handler,
    region: _region,
    ...where
  } = clientSettings(endpoint === undefined ? {} : { endpoint });
  const clients = chimeClients(where);
  const status = statusLine(stderr, Date.now);
  let users = 0;
  const onUsers = (count: number) => {
    users += count;
    status.show(`reading the directory: ${countOf(users, "user")}`);
  };
  try {
    const ids = accounts.map(({ id }) => id);
    return { kind: "read", listings: await readDirectory(ids, chimeDirectory(clients), onUsers) };
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return { kind: "failed", message: explain(error) };
  } finally {
    status.clear();
    clients.retrying.destroy();
    clients.single.destroy();
  }
}

function explain({ message, failure }: DirectoryError): string {
  const advice =
    failure.class === "configuration"
      ? "check the AWS credentials, the permissions chime:GetAccount and chime:ListUsers, and the accounts of the policy"
      : "try again in a minute, or name another --chime-endpoint";
  return `the directory could not be read: ${message}; ${advice}. Nothing was published`;
}
