import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";

/** A server on a port of 127.0.0.1. */
export interface LocalServer {
  url: string;
  /** Closes all connections and frees the port. May be called again. */
  close(): Promise<void>;
}

/**
 * Rejects if the port is in use.
 *
 * @param port 0 for a free one
 */
export async function startLocalServer(listener: RequestListener, port = 0): Promise<LocalServer> {
  const server = createServer(listener);
  // Idle connections stay open. A server that closes them often does so just as the client sends its next request,
  // and the client takes the reset for a fault of the service.
  server.keepAliveTimeout = 0;
  const listening = await listen(server, port);
  let closed: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${listening}`,
    close: () => {
      closed ??= close(server);
      return closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address !== null && typeof address === "object") return address.port;
  throw new Error(`Expected the server to listen on a TCP port, got ${address}.`);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
