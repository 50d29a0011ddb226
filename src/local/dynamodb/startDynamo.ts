import { once } from "node:events";
import type { IncomingMessage, Server } from "node:http";
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import type { TableModel } from "../cloudformation/stackModel.ts";
import type { EmulatedAccount } from "../stack/emulatedAccount.ts";
import { closeServer, urlOf } from "../stack/httpServer.ts";
import { type DynamoFaults, withFaults } from "./withFaults.ts";

export interface DynamoServer {
  url: string;
  client: DynamoDBClient;
  close: () => Promise<void>;
}

/** Starts DynamoDB on 127.0.0.1, in memory, with the template's tables. Time to live is not modelled: nothing expires. */
export async function startDynamo(
  tables: readonly TableModel[],
  { region, credentials }: EmulatedAccount,
  faults: DynamoFaults = () => undefined,
): Promise<DynamoServer> {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  // dynalite throws when a client dies in the middle of a request, which would end this whole process with it.
  server.on("request", (request: IncomingMessage) => request.removeAllListeners("error"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = urlOf(server);
  const client = new DynamoDBClient({ region, endpoint: url, credentials });
  const close = async () => {
    client.destroy();
    await closeDynalite(server);
  };
  try {
    await createTables(client, tables);
  } catch (error) {
    await close();
    throw error;
  }
  withFaults(server, faults);
  return { url, client, close };
}

async function createTables(client: DynamoDBClient, tables: readonly TableModel[]): Promise<void> {
  for (const { create } of tables) {
    await client.send(new CreateTableCommand(create));
    await waitUntilTableExists(
      { client, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.01 },
      { TableName: create.TableName },
    );
  }
}

/** dynalite says `null` where a server of Node says nothing: that it closed without an error. */
async function closeDynalite(server: Server): Promise<void> {
  await closeServer(server).catch((error: unknown) => {
    if (error !== null) throw error;
  });
}
