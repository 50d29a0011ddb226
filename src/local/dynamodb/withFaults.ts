import type { IncomingMessage, Server, ServerResponse } from "node:http";

/** What goes wrong with one request: it is refused before it takes effect, or takes effect and its answer is lost. */
export type DynamoFault =
  | {
      kind: "refuse";
      status: 400 | 500;
      code: "ProvisionedThroughputExceededException" | "InternalServerError";
    }
  | { kind: "loseAnswer" };

/** Decides for the n-th request, from 0. */
export type DynamoFaults = (request: { index: number; operation: string }) => DynamoFault | undefined;

/** Puts faults in front of a DynamoDB server's own request handler. */
export function withFaults(server: Server, faults: DynamoFaults): void {
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
