import type { ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { parseJson } from "../json.ts";
import { again, operationOf, refuseEntries, type SqsHandler } from "./sqsFaults.ts";

/**
 * Refuses messages as SQS does whose body or attributes hold a character that is none of XML: U+FFFE, U+FFFF, half of a surrogate
 * pair, or a control character but tab, line feed and carriage return. In a batch such a message fails alone.
 *
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function withAllowedCharacters(handle: SqsHandler): SqsHandler {
  return async (request, response) => {
    const operation = operationOf(request);
    if (!operation.startsWith("SendMessage")) return handle(request, response);
    const body = await text(request);
    if (!mayBeRefused.test(body)) return handle(again(request, body), response);
    const call = callSchema.parse(parseJson(body));
    const refusal = refusalOf(call);
    if (refusal !== undefined) return refuse(response, refusal);
    const refusals = new Map(
      call.Entries.flatMap((entry) => {
        const reason = refusalOf(entry);
        return reason === undefined ? [] : [[entry.Id, reason] as const];
      }),
    );
    if (refusals.size === 0) return handle(again(request, body), response);
    const failures = [...refusals].map(([Id, Message]) => ({ Id, Code: code, Message, SenderFault: true }));
    return refuseEntries(failures, call, (others) => handle(again(request, others), response), response);
  };
}

const code = "InvalidMessageContents";
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** As they stand in a request's JSON, raw or escaped. Few requests have any, and only these are parsed. */
const mayBeRefused = /[\ufffe\uffff]|\\u(?:00[01]|d[89a-f]|fff[ef])|\\[bf]/i;

const messageSchema = z.looseObject({
  MessageBody: z.string().default(""),
  MessageAttributes: z.record(z.string(), z.looseObject({ StringValue: z.string().optional() })).default({}),
});
const callSchema = messageSchema.extend({
  Entries: z.array(messageSchema.extend({ Id: z.string() })).default([]),
});

/** Says in AWS's words why a message is refused; `undefined` if it is not. */
function refusalOf({ MessageBody, MessageAttributes }: z.output<typeof messageSchema>): string | undefined {
  const attributes = Object.values(MessageAttributes).map(({ StringValue = "" }) => StringValue);
  const found = [MessageBody, ...attributes].flatMap((value) => forbidden.exec(value)?.[0] ?? []);
  const [character] = found;
  if (character === undefined) return undefined;
  const name = `#x${character.charCodeAt(0).toString(16).toUpperCase()}`;
  const place = forbidden.test(MessageBody) ? "the message body" : "a message attribute";
  return `Invalid binary character '${name}' was found in ${place}, the set of allowed characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF].`;
}

function refuse(response: ServerResponse, message: string): void {
  response.writeHead(400, { "content-type": "application/x-amz-json-1.0" });
  response.end(JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message }));
}
