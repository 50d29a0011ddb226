import { chimeClients } from "../../directory/chime/chimeClients.ts";
import { chimeDirectory } from "../../directory/chime/chimeDirectory.ts";
import { type DirectoryListing, readDirectory } from "../../reconcile/readDirectory.ts";
import { clientSettings } from "../aws/clientSettings.ts";
import { statusLine } from "../statusLine.ts";
import { countOf, type Terminal } from "../terminal.ts";

/** Reads accounts from Chime, with a count on the terminal meanwhile. Throws `DirectoryError`. */
export async function readAccountsOf(
  accountIds: readonly string[],
  endpoint: string | undefined,
  { stderr }: Terminal,
): Promise<DirectoryListing[]> {
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
    return await readDirectory(accountIds, chimeDirectory(clients), { onUsers });
  } finally {
    status.clear();
    clients.retrying.destroy();
    clients.single.destroy();
  }
}
