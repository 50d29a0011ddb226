import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { devAccount } from "../../dev/service/devAccount.ts";
import { closeServer, urlOf } from "../../packages/aws-local/httpServer.ts";

const batchCall = z.looseObject({ Entries: z.array(z.looseObject({ Id: z.string() })) });
type Entry = z.output<typeof batchCall>["Entries"][number];
const batchAnswer = z.looseObject({ Successful: z.array(z.unknown()).optional() });

/** How SQS misbehaves towards the calls of one action: it fails them, or refuses some of their entries in a 200. */
type Fault = { kind: "fail" } | { kind: "refuse"; isRefused: (entry: Entry) => boolean };

export interface FaultySqs {
  client: SQSClient;
  /** By action, such as `SendMessageBatch`. */
  faults: Map<string, Fault>;
  /** The entries of each batch call that arrived, in order. */
  batches: { action: string; entries: Entry[] }[];
  close: () => Promise<void>;
}

/** Stands before a healthy SQS at `target`, and hands on what it is not told to spoil. */
export async function startFaultySqs(target: string): Promise<FaultySqs> {
  const faults: FaultySqs["faults"] = new Map();
  const batches: FaultySqs["batches"] = [];
  const server = createServer(async (request, response) => {
    const { entries, action, send } = await readCall(request, target);
    batches.push({ action, entries });
    const { status, body } = await answer(entries, faults.get(action), send);
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { region, credentials } = devAccount;
  const client = new SQSClient({ region, credentials, endpoint: urlOf(server), maxAttempts: 1 });
  const close = async () => {
    client.destroy();
    await closeServer(server);
  };
  return { client, faults, batches, close };
}

async function readCall(
  request: Parameters<typeof text>[0] & { headers: NodeJS.Dict<string | string[]> },
  target: string,
) {
  const amzTarget = String(request.headers["x-amz-target"]);
  const call = batchCall.parse(JSON.parse(await text(request)));
  const send = async (entries: Entry[]) => {
    const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": amzTarget };
    const body = JSON.stringify({ ...call, Entries: entries });
    const response = await fetch(target, { method: "POST", headers, body });
    return { status: response.status, body: await response.json() };
  };
  return { action: amzTarget.split(".")[1] ?? amzTarget, entries: call.Entries, send };
}

async function answer(
  entries: Entry[],
  fault: Fault | undefined,
  send: (entries: Entry[]) => Promise<{ status: number; body: unknown }>,
) {
  if (fault?.kind === "fail") return { status: 503, body: { __type: "ServiceUnavailable", message: "down" } };
  const isRefused = fault?.isRefused ?? (() => false);
  const Failed = entries
    .filter(isRefused)
    .map(({ Id }) => ({ Id, Code: "InternalError", Message: "try again", SenderFault: false }));
  const others = entries.filter((entry) => !isRefused(entry));
  if (others.length === 0) return { status: 200, body: { Failed } };
  const { status, body } = await send(others);
  return { status, body: Failed.length === 0 ? body : { ...batchAnswer.parse(body), Failed } };
}
