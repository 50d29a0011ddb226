import { once } from "node:events";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import type { TableModel } from "../cloudformation/stackModel.ts";
import { closeServer, urlOf } from "../httpServer.ts";
import type { LocalAccount } from "../localAccount.ts";

export interface DynamoServer {
  url: string;
  client: DynamoDBClient;
  close: () => Promise<void>;
}

/**
 * Starts DynamoDB (dynalite) on 127.0.0.1, in memory, with the template's tables. Time to live is not modelled:
 * nothing expires.
 */
export async function startDynamo(
  tables: readonly TableModel[],
  { region, credentials }: LocalAccount,
  faults: DynamoFaults = () => undefined,
): Promise<DynamoServer> {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  // dynalite throws if a client dies in the middle of a request, which would end this process too.
  server.on("request", (request: IncomingMessage) => request.removeAllListeners("error"));
  // dynalite's own closes its store too, and throws when a request is still under way, which would end this process as well.
  // The store is in memory, and gone once nobody holds it.
  server.close = Server.prototype.close;
  server.listen(0, "127.0.0.1");
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
  withDynamoFaults(server, faults);
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

/** What goes wrong with one request: it is refused before it takes effect, or takes effect and its answer is lost. */
export type DynamoFault =
  | {
      kind: "refuse";
      status: 400 | 500;
      code: "ProvisionedThroughputExceededException" | "InternalServerError";
    }
  | { kind: "loseAnswer" };

/** Chooses the fault of the n-th request, from 0. */
export type DynamoFaults = (request: { index: number; operation: string }) => DynamoFault | undefined;

/** Puts faults in front of a DynamoDB server's request handler. */
function withDynamoFaults(server: Server, faults: DynamoFaults): void {
  const handlers = server.listeners("request");
  server.removeAllListeners("request");
  let index = 0;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const operation = String(request.headers["x-amz-target"] ?? "").replace(/^.*\./, "");
    const fault = faults({ index: index++, operation });
    if (fault?.kind === "refuse") return refuse(request, response, fault);
    if (fault?.kind === "loseAnswer") response.end = () => response.destroy();
    for (const handle of handlers) handle.call(server, request, response);
  });
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, code }: Extract<DynamoFault, { kind: "refuse" }>,
): void {
  request.resume();
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
  response.end(
    JSON.stringify({
      __type: `com.amazonaws.dynamodb.v20120810#${code}`,
      message: "asked for by a fault plan",
    }),
  );
}
