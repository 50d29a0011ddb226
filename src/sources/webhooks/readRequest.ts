import * as z from "zod";

export interface WebhookRequest {
  method: string;
  path: string;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  body: Uint8Array;
}

/** Far beyond what a vendor sends: a hundred employees with all their fields. */
const maxBodyBytes = 512 * 1024;

const functionUrlEvent = z.object({
  rawPath: z.string(),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
  headers: z.record(z.string(), z.string().optional()).default({}),
  body: z.string().default(""),
  isBase64Encoded: z.boolean().default(false),
});

/**
 * A call of the function URL (payload format 2.0), its body as the bytes that were sent and signed; `"too large"` before
 * anything else is done with it. Throws for what is no such call: only Lambda makes them.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
export function readRequest(event: unknown): WebhookRequest | "too large" {
  const { rawPath: path, requestContext, headers, body, isBase64Encoded } = functionUrlEvent.parse(event);
  const encoding = isBase64Encoded ? "base64" : "utf8";
  if (Buffer.byteLength(body, encoding) > maxBodyBytes) return "too large";
  const { method } = requestContext.http;
  return { method, path, headers: lowerCased(headers), body: Buffer.from(body, encoding) };
}

function lowerCased(headers: Record<string, string | undefined>): WebhookRequest["headers"] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
