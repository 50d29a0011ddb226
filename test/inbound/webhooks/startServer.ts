import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { closeServer, urlOf } from "../../../packages/aws-local/httpServer.ts";

export interface ServedRequest {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface Answer {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

export interface TestServer {
  url: string;
  /** What was asked, in its order. */
  requests: ServedRequest[];
  close: () => Promise<void>;
}

/** An HTTP service on 127.0.0.1. One that answers `"nothing"` keeps the caller waiting. */
export async function startServer(
  answer: (request: ServedRequest) => Answer | "nothing",
): Promise<TestServer> {
  const requests: ServedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const { method = "", url: path = "", headers } = incoming;
    const request = { method, path, headers, body: await text(incoming) };
    requests.push(request);
    const answered = answer(request);
    if (answered === "nothing") return;
    response.writeHead(answered.status, { "content-type": "application/json", ...answered.headers });
    response.end(answered.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: urlOf(server), requests, close: () => closeServer(server) };
}
