import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { afterAll, beforeAll } from "vitest";
import { devAccount } from "../../dev/service/devAccount.ts";
import { type DynamoServer, startDynamo } from "../../packages/aws-local/dynamodb/startDynamo.ts";
import { type SqsServer, startSqs } from "../../packages/aws-local/sqs/startSqs.ts";
import { type StartConsoleOptions, startConsole } from "../../src/cli/commands/console/startConsole.ts";
import type { Target } from "../../src/cli/target.ts";
import type { RunningConsole } from "../../src/console/server/serveConsole.ts";
import { dynamoHeldDecisions } from "../../src/ledger/dynamo/dynamoHeldDecisions.ts";
import { dynamoHistory } from "../../src/ledger/dynamo/dynamoHistory.ts";
import { dynamoLedger } from "../../src/ledger/dynamo/dynamoLedger.ts";
import { dynamoPendingStore } from "../../src/ledger/dynamo/dynamoPendingStore.ts";
import type { DeadLetterSource } from "../../src/queue/deadLetter.ts";
import { dynamoSafeguardStore } from "../../src/safeguard/dynamo/dynamoSafeguardStore.ts";
import { type Rejection, rejectIn, templateQueues } from "../cli/commands/dlqBench.ts";
import { type HeldPerson, holdIn } from "../cli/commands/heldBench.ts";
import { collect } from "../events/collect.ts";
import { ledgerTables } from "../ledgerTables.ts";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

const nowhere = "http://127.0.0.1:9";

/** A ledger and queues in memory, the console over them, and a client that sends whatever it is told. */
export function useConsoleBench() {
  let dynamo: DynamoServer;
  let sqs: SqsServer;
  const running: RunningConsole[] = [];
  beforeAll(async () => {
    dynamo = await startDynamo(ledgerTables(), devAccount);
    sqs = await startSqs(devAccount);
    await sqs.createQueues(templateQueues(false));
  });
  afterAll(async () => {
    await Promise.all(running.map(({ close }) => close()));
    await Promise.all([dynamo.close(), sqs.close()]);
  });
  const table = () => ({ dynamo: dynamo.client, tableName: `${devAccount.stackName}-ledger` });
  const target = (): Target => ({
    stage: "dev",
    table: table().tableName,
    stack: devAccount.stackName,
    bus: devAccount.stackName,
    isDefault: true,
    region: "us-east-1",
    // Nobody is there: the bench has no bus and no directory.
    endpoints: { dynamodb: dynamo.url, sqs: sqs.url, eventBridge: nowhere, directory: nowhere },
  });
  return {
    target,
    async start(options: Partial<StartConsoleOptions> = {}): Promise<OpenConsole> {
      const console = await startConsole({ target: target(), by: "eve", port: 0, ...options });
      running.push(console);
      return openConsole(console);
    },
    hold: (people: readonly HeldPerson[]) =>
      holdIn({ ledger: dynamoLedger(table()), pending: dynamoPendingStore(table()) }, people),
    reject: (pipeline: DeadLetterSource, bodies: readonly string[], rejection: Rejection) =>
      rejectIn(sqs, pipeline, bodies, rejection),
    held: async () =>
      (await collect(dynamoHeldDecisions(table()).list())).map(({ personId }) => personId).toSorted(),
    due: async () =>
      (await collect(dynamoPendingStore(table()).list())).map(({ personId }) => personId).toSorted(),
    journalOf: async (personId: string) =>
      (await dynamoHistory(table()).ofPerson(personId))?.entries.map(({ outcome, by, note }) => ({
        outcome,
        by,
        note,
      })),
    safeguard: () => dynamoSafeguardStore(table()),
  };
}

/** A browser with the console's cookie. */
export type ConsoleClient = ReturnType<typeof clientOf>;

export interface OpenConsole extends ConsoleClient {
  running: RunningConsole;
}

interface SendOptions {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string;
  /** Instead of 127.0.0.1. */
  address?: string;
}

/** Signs in at a console that runs. */
export async function openConsole(running: RunningConsole): Promise<OpenConsole> {
  const { origin, port, host, pathname, search } = new URL(running.url);
  const send: SendRequest = (path, { method = "GET", headers = {}, body = "", address = "127.0.0.1" }) =>
    new Promise<Answer>((resolve, reject) => {
      const all = { Host: host, ...headers };
      const sent = request({ host: address, port, path, method, headers: all }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
        );
      });
      sent.on("error", reject);
      sent.end(body);
    });
  const signedIn = await send(pathname + search, {});
  const [cookie = ""] = signedIn.headers["set-cookie"]?.map((each) => each.split(";")[0] ?? "") ?? [];
  return { running, ...clientOf({ origin, cookie, send }) };
}

type SendRequest = (path: string, options: SendOptions) => Promise<Answer>;

/** A browser that has the cookie, and sends a page's forms as they are. */
export function clientOf({ origin, cookie, send }: { origin: string; cookie: string; send: SendRequest }) {
  const browser = { Cookie: cookie, Origin: origin, "Sec-Fetch-Site": "same-origin" };
  return {
    origin,
    send: (path: string, options: SendOptions = {}) =>
      send(path, { ...options, headers: { ...browser, ...options.headers } }),
    get: (path: string) => send(path, { headers: { Cookie: cookie } }),
    submit: (page: Answer, action: string, fields: Record<string, string | readonly string[]>) => {
      const form = new URLSearchParams(hiddenFields(page.body, action));
      for (const [name, values] of Object.entries(fields)) {
        form.delete(name);
        for (const value of [values].flat()) form.append(name, value);
      }
      const headers = { ...browser, "Content-Type": "application/x-www-form-urlencoded" };
      return send(action, { method: "POST", headers, body: form.toString() });
    },
  };
}

/** What a form sends along unseen. */
export function hiddenFields(html: string, action: string): Record<string, string> {
  const [, form = ""] = html.split(`action="${action}"`);
  const [own = ""] = form.split("</form>");
  const fields = own.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
  return Object.fromEntries([...fields].map(([, name = "", value = ""]) => [name, decoded(value)]));
}

/** The texts of a page, without its tags. */
export function textOf({ body }: Answer): string {
  return decoded(body.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " "));
}

function decoded(html: string): string {
  return html
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
