import { ChimeClient } from "@aws-sdk/client-chime";
import {
  type ChimeSimulator,
  type ChimeSimulatorOptions,
  startChimeSimulator,
} from "../../../packages/chime-simulator/chimeSimulator.ts";
import { chimeClients } from "../../../src/directory/chime/chimeClients.ts";
import { chimeDirectory } from "../../../src/directory/chime/chimeDirectory.ts";
import type { Directory, DirectoryUser } from "../../../src/directory/directory.ts";
import type { FakeAccount } from "../fakeAccounts.ts";

/** The simulator over HTTP, and the adapter on the SDK's own clients for it. */
export interface ChimeWorld {
  simulator: ChimeSimulator;
  directory: Directory;
  close(): Promise<void>;
}

export const credentials = { accessKeyId: "test", secretAccessKey: "test" };

/**
 * @param attempts `asDeployed`: the clients of `chimeClients`, which try again; `one`: no second attempt, so that a
 * failure arrives at once
 */
export async function startChimeWorld(
  accounts: readonly FakeAccount[],
  attempts: "asDeployed" | "one",
  settings: NonNullable<ChimeSimulatorOptions["settings"]> = {},
): Promise<ChimeWorld> {
  const simulator = await startChimeSimulator({ accounts: accounts.map(toPopulatedAccount), settings });
  const where = { endpoint: simulator.url, credentials };
  const once = new ChimeClient({ ...where, region: "us-east-1", maxAttempts: 1 });
  const clients = attempts === "one" ? { retrying: once, single: once } : chimeClients(where);
  return {
    simulator,
    directory: chimeDirectory(clients),
    close: async () => {
      for (const client of [once, clients.retrying, clients.single]) client.destroy();
      await simulator.close();
    },
  };
}

type Populated = Parameters<typeof startChimeSimulator>[0]["accounts"][number];

function toPopulatedAccount({ accountId, active = true, users = [], ...account }: FakeAccount): Populated {
  return {
    id: accountId,
    type: account.type,
    status: active ? "Active" : "Suspended",
    people: users.map(toSeed),
    ...licensesOf(account),
  };
}

function toSeed({ userId, email, state }: DirectoryUser): NonNullable<Populated["people"]>[number] {
  switch (state) {
    case "active":
      return { id: userId, email, registration: "Registered" };
    case "suspended":
      return { id: userId, email, registration: "Suspended" };
    case "invited":
      return { id: userId, email, registration: "Unregistered", invitation: "Pending" };
    case "lapsed":
      return { id: userId, email, registration: "Unregistered", invitation: "Failed" };
  }
}

function licensesOf({
  licenses = ["Basic", "Pro"],
}: Partial<FakeAccount>): Pick<Populated, "supportedLicenses"> {
  const all = ["Basic", "Plus", "Pro", "ProTrial"] as const;
  return { supportedLicenses: all.filter((license) => licenses.includes(license)) };
}
