import { once } from "node:events";
import { type IncomingMessage, Server } from "node:http";
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import type { TableModel } from "../cloudformation/stackModel.ts";
import { closeServer, urlOf } from "../httpServer.ts";
import type { LocalAccount } from "../localAccount.ts";
import { putInFront } from "./dynaliteFront.ts";
import type { DynamoFaults } from "./dynamoFaults.ts";

export interface DynamoServer {
  url: string;
  client: DynamoDBClient;
  close: () => Promise<void>;
}

/**
 * Starts DynamoDB (dynalite) on 127.0.0.1, in memory, with the template's tables. Time to live is not modelled:
 * nothing expires. `now` is the clock of its answers' `Date`.
 * `port` 0 is a free one. Of PartiQL there is BatchExecuteStatement with writes of single items (`partiqlStatement.ts`).
 */
export async function startDynamo(
  tables: readonly TableModel[],
  { region, credentials }: LocalAccount,
  faults: DynamoFaults = () => undefined,
  now: () => number = Date.now,
  port = 0,
): Promise<DynamoServer> {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  // dynalite throws if a client dies in the middle of a request, which would end this process too.
  server.on("request", (request: IncomingMessage) => request.removeAllListeners("error"));
  // dynalite's own closes its store too, and throws when a request is still under way, which would end this process as well.
  // The store is in memory, and gone once nobody holds it.
  server.close = Server.prototype.close;
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const url = urlOf(server);
  const client = new DynamoDBClient({ region, endpoint: url, credentials });
  const close = async () => {
    client.destroy();
    await closeServer(server);
  };
  try {
    await createTables(client, tables);
  } catch (error) {
    await close();
    throw error;
  }
  putInFront(server, faults, now);
  return { url, client, close };
}

async function createTables(client: DynamoDBClient, tables: readonly TableModel[]): Promise<void> {
  for (const { create } of tables) {
    await client.send(new CreateTableCommand(create));
    await waitUntilTableExists(
      { client, maxWaitTime: 120, minDelay: 0.01, maxDelay: 0.01 },
      { TableName: create.TableName },
    );
  }
}
