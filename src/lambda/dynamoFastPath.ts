import type { Readable } from "node:stream";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as z from "zod";

/** The commands that a batch of messages makes by the dozen. None has a binary attribute: those are not JSON's. */
const fastCommands: ReadonlySet<string | undefined> = new Set([
  "BatchExecuteStatementCommand",
  "BatchGetItemCommand",
  "BatchWriteItemCommand",
]);

/**
 * Lets the first try of a batch command take a short way: the input as JSON, signed and sent, and the answer as JSON. The SDK's own
 * way resolves endpoint, credentials and user agent anew for each request, and walks through a schema for each attribute. That
 * is more work than all the rest of a request. It is left out only where it would end in the same: the first request of a command
 * goes the SDK's way, and those that follow it have its address and headers. Whatever comes of the short way but a 200 with JSON
 * is nobody's to judge here: the SDK begins anew, with its tries, pauses and errors. So a request may be sent once more than
 * `maxAttempts` says.
 *
 * @param client its request handler throws on a request timeout
 * @param timeoutMilliseconds of the short way
 */
export function takeFastPath(client: DynamoDBClient, timeoutMilliseconds: number): DynamoDBClient {
  const { config, middlewareStack } = client;
  const patterns = new Map<string | undefined, Pattern>();
  let signer: ReturnType<typeof config.signer> | undefined;

  middlewareStack.add(
    (next, { commandName, authSchemes }) =>
      (args) => {
        if (fastCommands.has(commandName) && !patterns.has(commandName)) {
          patterns.set(commandName, patternSchema.parse(args.request));
          signer ??= config.signer(authSchemes?.[0]);
        }
        return next(args);
      },
    { step: "build", priority: "low", name: "rememberPattern" },
  );

  async function send(pattern: Pattern, input: object) {
    const body = Buffer.from(JSON.stringify(input));
    const headers = { ...pattern.headers, "content-length": String(body.length) };
    const signingDate = new Date(Date.now() + config.systemClockOffset);
    const request = await (await signer)?.sign({ ...pattern, headers, body }, { signingDate });
    const { response } = await config.requestHandler.handle(request, { requestTimeout: timeoutMilliseconds });
    const text = await readWithin(timeoutMilliseconds, response.body, config.streamCollector);
    if (response.statusCode !== 200) return undefined;
    return { response, output: { ...JSON.parse(text), $metadata: { httpStatusCode: 200 } } };
  }

  middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const pattern = patterns.get(commandName);
        const answer = pattern && (await send(pattern, args.input).catch(() => undefined));
        return answer ?? next(args);
      },
    { step: "initialize", priority: "high", name: "fastPath" },
  );
  return client;
}

/** A request timeout ends with the answer's headers, and a body may stall after them. Throws what the collector throws. */
async function readWithin(
  milliseconds: number,
  body: Readable,
  collect: (body: Readable) => Promise<Uint8Array>,
): Promise<string> {
  const timer = setTimeout(() => body.destroy(new Error("the answer stalled")), milliseconds);
  try {
    return Buffer.from(await collect(body)).toString();
  } finally {
    clearTimeout(timer);
  }
}

/** What the requests of a command have in common. Other headers are of a single request. */
const patternSchema = z.object({
  method: z.literal("POST"),
  protocol: z.string(),
  hostname: z.string(),
  port: z.number().exactOptional(),
  path: z.string(),
  query: z.object({}),
  headers: z.object({
    host: z.string(),
    "content-type": z.string(),
    "x-amz-target": z.string(),
    "user-agent": z.string(),
    "x-amz-user-agent": z.string(),
  }),
});
type Pattern = z.output<typeof patternSchema>;
