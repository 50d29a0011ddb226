import { IncomingMessage, type ServerResponse } from "node:http";
import { Socket } from "node:net";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { parseJson } from "../json.ts";

/**
 * The fault of one request:
 *
 * - `refuse`: the whole call fails and takes no effect.
 * - `refuseEntries`: a 200 lists these entries as failed; only the others take effect. For batch operations.
 * - `loseAnswer`: the call takes effect, and the connection breaks before the answer.
 */
export type SqsFault =
  | {
      kind: "refuse";
      status: 400 | 500 | 503;
      code: "RequestThrottled" | "InternalFailure" | "ServiceUnavailable";
    }
  | { kind: "refuseEntries"; ids: readonly string[]; code: "InternalError" | "RequestThrottled" }
  | { kind: "loseAnswer" };

export interface SqsRequest {
  /** Counts the requests of that operation to that queue from 0, the SDK's own retries included. */
  index: number;
  operation: string;
  /** The queue's name; empty for an operation that concerns no single queue. */
  queue: string;
  /** The entries of a batch operation, as they were sent. */
  entries: readonly SqsEntry[];
}

/** The request waits until its fault, or that there is none, is known. */
export type SqsFaults = (request: SqsRequest) => SqsFault | undefined | Promise<SqsFault | undefined>;

type SqsEntry = z.output<typeof entrySchema>;

export type SqsHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const entrySchema = z.looseObject({
  Id: z.string(),
  MessageBody: z.string().optional(),
  ReceiptHandle: z.string().optional(),
  VisibilityTimeout: z.number().optional(),
});
const callSchema = z.looseObject({
  QueueUrl: z.string().default(""),
  Entries: z.array(entrySchema).default([]),
});
const answerSchema = z.looseObject({ Failed: z.array(z.unknown()).default([]) });

/** Puts faults in front of an SQS server's request handler. `faults` is asked once per request. */
export function withSqsFaults(handle: SqsHandler, faults: SqsFaults): SqsHandler {
  const counts = new Map<string, number>();
  return async (request, response) => {
    const body = await text(request);
    const call = callSchema.parse(parseJson(body));
    const operation = operationOf(request);
    const queue = call.QueueUrl.replace(/^.*\//, "");
    const index = counts.get(`${operation} ${queue}`) ?? 0;
    counts.set(`${operation} ${queue}`, index + 1);
    const fault = await faults({ index, operation, queue, entries: call.Entries });
    switch (fault?.kind) {
      case "refuse":
        return refuse(response, fault);
      case "refuseEntries":
        return refuseEntries(
          failuresOf(fault, call),
          call,
          (others) => handle(again(request, others), response),
          response,
        );
      case "loseAnswer":
        response.end = () => response.destroy();
        return handle(again(request, body), response);
      case undefined:
        return handle(again(request, body), response);
    }
  };
}

const asked = "asked for by a fault plan";

function refuse(response: ServerResponse, { status, code }: Extract<SqsFault, { kind: "refuse" }>): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
  response.end(JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message: asked }));
}

function failuresOf(
  { ids, code }: Extract<SqsFault, { kind: "refuseEntries" }>,
  { Entries }: z.output<typeof callSchema>,
): EntryFailure[] {
  const refused = Entries.filter(({ Id }) => ids.includes(Id));
  return refused.map(({ Id }) => ({ Id, Code: code, Message: asked, SenderFault: false }));
}

/** A failed entry of a batch, as SQS answers it. */
interface EntryFailure {
  Id: string;
  Code: string;
  Message: string;
  SenderFault: boolean;
}

/** The operation that a request's header names, such as `SendMessageBatch`. */
export function operationOf({ headers }: IncomingMessage): string {
  return String(headers["x-amz-target"]).replace(/^.*\./, "");
}

/** Forwards the other entries and adds the failed ones to the answer. SQS accepts no empty batch. */
export async function refuseEntries(
  failures: readonly EntryFailure[],
  call: { Entries: readonly { Id: string }[] },
  handOn: (body: string) => Promise<void>,
  response: ServerResponse,
): Promise<void> {
  const refused = new Set(failures.map(({ Id }) => Id));
  const others = call.Entries.filter(({ Id }) => !refused.has(Id));
  const end = response.end.bind(response);
  const endWithFailures = (answer: unknown) => {
    const { Failed, ...rest } = answerSchema.parse(parseJson(String(answer)));
    return end(JSON.stringify({ ...rest, Failed: [...Failed, ...failures] }));
  };
  if (others.length === 0) return void endWithFailures("{}");
  response.end = endWithFailures;
  return handOn(JSON.stringify({ ...call, Entries: others }));
}

/** Repeats a request whose body has been read. It has a socket of its own, because the original would end with it. */
export function again({ headers }: IncomingMessage, body: string): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.headers = headers;
  request.push(body);
  request.push(null);
  return request;
}
