import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { closeServer, urlOf } from "../httpServer.ts";
import { parseJson } from "../json.ts";

export interface SsmServer {
  url: string;
  /** SecureStrings, by their whole name; they may be changed at any time. */
  parameters: Map<string, string>;
  close: () => Promise<void>;
}

const request = z.object({ Name: z.string(), WithDecryption: z.boolean().default(false) });

/**
 * Starts the SSM Parameter Store on 127.0.0.1, with GetParameter alone. Every parameter is a SecureString, and its text comes out
 * only for who asks to have it decrypted. Not modelled: signatures, versions and all other actions.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export async function startSsm(initial: Readonly<Record<string, string>> = {}, port = 0): Promise<SsmServer> {
  const parameters = new Map(Object.entries(initial));
  const server = createServer(async (incoming, response) => {
    const action = incoming.headers["x-amz-target"];
    const answer =
      action === "AmazonSSM.GetParameter" ? get(await text(incoming), parameters) : unknownAction;
    response.writeHead("__type" in answer ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(answer));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { url: urlOf(server), parameters, close: () => closeServer(server) };
}

const unknownAction = { __type: "UnknownOperationException" };

function get(body: string, parameters: ReadonlyMap<string, string>): object {
  const { data } = request.safeParse(parseJson(body));
  if (data === undefined) return { __type: "ValidationException" };
  const text = parameters.get(data.Name);
  if (text === undefined) return { __type: "ParameterNotFound" };
  const Value = data.WithDecryption ? text : "(encrypted)";
  return { Parameter: { Name: data.Name, Type: "SecureString", Value, Version: 1 } };
}
