import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import * as z from "zod";
import { closeServer, urlOf } from "../httpServer.ts";
import { parseJson } from "../json.ts";
import type { Lambda } from "./startLambda.ts";

export interface FunctionUrl {
  url: string;
  close: () => Promise<void>;
}

/** The largest request that Lambda takes. */
const maximumBodyBytes = 6_291_456;

const responseSchema = z.object({
  statusCode: z.int().default(200),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(""),
  isBase64Encoded: z.boolean().default(false),
});

/**
 * Gives a function a URL on 127.0.0.1, as a function URL without authorization has one (payload format 2.0).
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 *
 * @param port 0 for a free one
 */
export async function startFunctionUrl(lambda: Pick<Lambda, "invoke">, port = 0): Promise<FunctionUrl> {
  const server = createServer((request, response) => {
    answer(lambda, request, response).catch(() => response.writeHead(502).end());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { url: urlOf(server), close: () => closeServer(server) };
}

async function answer(
  lambda: Pick<Lambda, "invoke">,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request);
  if (body.byteLength > maximumBodyBytes) {
    response.writeHead(413).end();
    return;
  }
  const invocation = await lambda.invoke(toEvent(request, body));
  const payload = invocation.kind === "response" ? parseJson(invocation.payload) : undefined;
  const { data } = responseSchema.safeParse(payload);
  if (data === undefined) {
    response.writeHead(502).end();
    return;
  }
  response.writeHead(data.statusCode, data.headers);
  response.end(Buffer.from(data.body, data.isBase64Encoded ? "base64" : "utf8"));
}

function toEvent({ url = "/", method = "GET", headers, socket }: IncomingMessage, body: Buffer) {
  const { pathname, search } = new URL(url, "http://function");
  // What is no text comes encoded.
  const text = body.toString("utf8");
  const isText = Buffer.from(text).equals(body);
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
    ),
    requestContext: {
      http: { method, path: pathname, protocol: "HTTP/1.1", sourceIp: socket.remoteAddress ?? "127.0.0.1" },
      stage: "$default",
    },
    body: isText ? text : body.toString("base64"),
    isBase64Encoded: !isText,
  };
}
