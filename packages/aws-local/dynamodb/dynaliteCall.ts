import { IncomingMessage, type Server, ServerResponse } from "node:http";
import { Socket } from "node:net";
import * as z from "zod";
import type { JsonObject } from "../json.ts";

/** An answer of the DynamoDB API: its HTTP status, and its JSON. */
export interface DynamoAnswer {
  status: number;
  body: JsonObject;
}

/** Makes a request of the DynamoDB API. It resolves also if the request is refused. */
export type DynamoCall = (operation: string, input: JsonObject) => Promise<DynamoAnswer>;

const body = z.record(z.string(), z.unknown());

/** dynalite verifies no signature, and wants to see one. */
const headers = {
  "content-type": "application/x-amz-json-1.0",
  authorization: "AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=none",
  "x-amz-date": "20260514T120000Z",
};

/**
 * Calls dynalite in this process, past the network and the faults: 25 requests take a few milliseconds.
 *
 * @param handlers dynalite's own, which it registered for the server's requests
 */
export function dynaliteCall(server: Server, handlers: ReturnType<Server["listeners"]>): DynamoCall {
  return (operation, input) =>
    new Promise((resolve) => {
      const request = new IncomingMessage(new Socket());
      request.method = "POST";
      request.url = "/";
      request.headers = { ...headers, "x-amz-target": `DynamoDB_20120810.${operation}` };
      const response = new ServerResponse(request);
      response.end = (text: unknown) => {
        resolve({ status: response.statusCode, body: body.parse(JSON.parse(String(text))) });
        return response;
      };
      // Else Node.js takes the request for one whose client has died.
      request.complete = true;
      for (const handle of handlers) handle.call(server, request, response);
      request.push(JSON.stringify(input));
      request.push(null);
    });
}
