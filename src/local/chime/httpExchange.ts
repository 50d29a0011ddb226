import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestBody } from "./answerCall.ts";
import type { Reply } from "./reply.ts";

/**
 * Reads the whole body, even one that is too large: an answer in the middle of an upload would reach the
 * client as a broken connection. Only `maximumBytes` of it are kept.
 * @throws if the client leaves before the end.
 */
export async function readBody(request: IncomingMessage, maximumBytes: number): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= maximumBytes) chunks.push(chunk);
  }
  if (bytes > maximumBytes) {
    const message = `Expected a body of ${maximumBytes} bytes at most, got ${bytes}.`;
    return { kind: "malformed", message };
  }
  return bytes === 0 ? { kind: "none" } : parseBody(Buffer.concat(chunks).toString());
}

/** Returns whether the client was still there to be answered. */
export function sendReply(response: ServerResponse, reply: Reply, requestId: string): boolean {
  const { socket } = response;
  if (socket === null || socket.destroyed) return false;
  if (reply.kind === "reset") {
    socket.resetAndDestroy();
    return false;
  }
  const { status, headers, body } = reply;
  const bodyHeaders =
    status === 204 ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { "x-amzn-requestid": requestId, ...bodyHeaders, ...headers });
  response.end(status === 204 ? undefined : body);
  return true;
}

/** A header that is sent once, as all are that the simulator reads. */
export function readHeader(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function parseBody(text: string): RequestBody {
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { kind: "malformed", message: `Expected the body to be JSON: ${error.message}` };
  }
}
