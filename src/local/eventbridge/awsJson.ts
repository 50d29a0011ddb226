import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** How AWS services that speak JSON 1.1 name an operation: `AWSEvents.PutEvents` in a header. */
export function operationOf(request: IncomingMessage): string {
  const target = request.headers["x-amz-target"];
  return typeof target === "string" ? target : "(none)";
}

/** The request's body as text, or nothing if it is larger than that. */
export async function readBody(request: IncomingMessage, maximumBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.byteLength;
    // Read on to the end, but keep nothing: a client that still writes would not read our answer.
    if (bytes <= maximumBytes) chunks.push(buffer);
  }
  return bytes <= maximumBytes ? Buffer.concat(chunks).toString("utf8") : undefined;
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.1",
    "x-amzn-requestid": randomUUID(),
  });
  response.end(JSON.stringify(body));
}

/** An error as the SDK's JSON protocol reads it: its name stands in `__type`. */
export function answerError(response: ServerResponse, status: number, code: string, message: string): void {
  answerJson(response, status, { __type: code, message });
}
