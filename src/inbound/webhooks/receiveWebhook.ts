import * as z from "zod";
import { findBreach, parseExactJson, parseJson } from "../../events/boundedJson.ts";
import { invalid, type Reading } from "../inboundEvent.ts";
import { parseForm } from "./formBody.ts";
import { type IngestContext, ingestReadings, type ReadingResult } from "./ingestReadings.ts";
import {
  type ConfiguredVendor,
  type Delivery,
  type Handshake,
  isVendorName,
  type ParameterStore,
  type Vendor,
  type VendorName,
  verificationName,
} from "./vendor.ts";

export interface WebhookRequest extends Delivery {
  method: string;
  path: string;
}

/** The status for the caller, and what the log says about the request. Nothing here names a person. */
export interface WebhookResult {
  status: 200 | 401 | 404 | 405 | 413 | 422 | 503;
  vendor?: VendorName;
  /** For the log only: the caller is told the status. */
  why: string;
  /** Ids of the events that the bus has. */
  published: readonly string[];
  /** Messages that should have become events and did not. */
  notPublished: readonly { id?: string; why: string }[];
  /** Set for what the vendor has signed: a sign of life. */
  isSigned?: true;
}

export interface WebhookContext extends IngestContext {
  vendors: Readonly<Record<VendorName, Vendor>>;
  parameters: ParameterStore;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Handles a vendor's request and gives the status to respond with, once its events are on the bus. Cheap and certain checks
 * come first; the body is parsed only when its signature is known to be right, unless it is small enough to be a set-up body, which
 * nobody signs. A 200 means that nothing is left to be done.
 */
export async function receiveWebhook(
  request: WebhookRequest | "too large",
  context: WebhookContext,
): Promise<WebhookResult> {
  if (request === "too large") return withoutEvents(413, "the body is too large");
  const name = request.path.replace(/^\/|\/$/g, "");
  if (!isVendorName(name)) return withoutEvents(404, "no vendor has that address");
  if (request.method !== "POST") return withoutEvents(405, "not a POST", name);
  const handshake = readHandshake(request.body, context.vendors[name]);
  if (handshake?.kind === "ping") return withoutEvents(200, "a ping", name);
  const parameter = await context.parameters.read(name);
  if (parameter === undefined) {
    if (handshake === undefined) return withoutEvents(404, "the vendor has no parameter", name);
    await context.parameters.write(verificationName(name), handshake.token);
    return withoutEvents(200, "the verification token is kept as a parameter", name);
  }
  const configured = context.vendors[name].configure(parseJson(parameter));
  if (!configured.ok) return misconfigured(name, configured.problems);
  const rejection = configured.vendor.rejectionReason(request, context.now);
  if (rejection !== undefined) return withoutEvents(401, rejection, name);
  const readings = readBody(request, configured.vendor);
  return toWebhookResult(name, await ingestReadings(readings, context));
}

/** Some ten times what a vendor sends when a webhook is set up. */
const maxHandshakeBytes = 2048;
const handshakeBounds = { depth: 4, values: 20 };

function readHandshake(body: Uint8Array, vendor: Vendor): Handshake | undefined {
  if (body.byteLength > maxHandshakeBytes) return undefined;
  const text = new TextDecoder().decode(body);
  return findBreach(text, handshakeBounds) === undefined ? vendor.readHandshake(text) : undefined;
}

/** The body is the vendor's own by then; the bounds are for a vendor's mistake. */
const bodyBounds = { depth: 64, values: 100_000 };

function readBody({ headers, body }: Delivery, vendor: ConfiguredVendor): Reading[] {
  const text = new TextDecoder().decode(body);
  const breach = findBreach(text, bodyBounds);
  if (breach !== undefined) return [invalid(breach.message)];
  const payload = parseExactJson(text);
  if (payload !== undefined) return vendor.read(payload);
  if (!isForm(headers["content-type"]))
    return [invalid("the body is not JSON, and its content type is not that of a form")];
  const form = parseForm(text, bodyBounds);
  return form.kind === "read" ? vendor.read(form.payload) : [invalid(form.why)];
}

function isForm(contentType = ""): boolean {
  return /^application\/x-www-form-urlencoded(?:\s*;|\s*$)/i.test(contentType.trim());
}

function withoutEvents(status: WebhookResult["status"], why: string, vendor?: VendorName): WebhookResult {
  return { status, why, published: [], notPublished: [], ...(vendor && { vendor }) };
}

/** The vendor retries a 503, so the event is not lost while an operator mends the parameter. */
function misconfigured(vendor: VendorName, problems: string): WebhookResult {
  return {
    ...withoutEvents(503, "the vendor's parameter is wrong", vendor),
    notPublished: [{ why: problems }],
  };
}

/** A failure that a retry may mend outweighs a message that is invalid for good. */
function toWebhookResult(vendor: VendorName, results: readonly ReadingResult[]): WebhookResult {
  const kinds = new Set(results.map(({ kind }) => kind));
  const failed = {
    status: 503,
    why: "not all events could be published; the vendor sends them again",
  } as const;
  const someInvalid = { status: 422, why: "not all messages could be made events of" } as const;
  const done = { status: 200, why: describeIgnored(results) } as const;
  return {
    ...(kinds.has("failed") ? failed : kinds.has("invalid") ? someInvalid : done),
    vendor,
    isSigned: true,
    published: results.flatMap((result) => (result.kind === "accepted" ? [result.id] : [])),
    notPublished: results.flatMap((result) =>
      result.kind === "failed" || result.kind === "invalid"
        ? [{ why: result.why, ...("id" in result && { id: result.id }) }]
        : [],
    ),
  };
}

function describeIgnored(results: readonly ReadingResult[]): string {
  const reasons = results.flatMap((result) => (result.kind === "ignored" ? [result.why] : []));
  return reasons.length === 0 ? "published" : [...new Set(reasons)].join("; ");
}

/** Far more than a vendor sends: a hundred employees with all their fields. */
const maxBodyBytes = 512 * 1024;

const functionUrlEvent = z.object({
  rawPath: z.string(),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
  headers: z.record(z.string(), z.string().optional()).default({}),
  body: z.string().default(""),
  isBase64Encoded: z.boolean().default(false),
});

/**
 * Reads a request of the function URL (payload format 2.0), its body as the bytes that were sent and signed. A body that is
 * too large is not decoded. Throws for an event of another shape, because only Lambda makes them.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
export function readRequest(event: unknown): WebhookRequest | "too large" {
  const { rawPath: path, requestContext, headers, body, isBase64Encoded } = functionUrlEvent.parse(event);
  const encoding = isBase64Encoded ? "base64" : "utf8";
  if (Buffer.byteLength(body, encoding) > maxBodyBytes) return "too large";
  const { method } = requestContext.http;
  return { method, path, headers: withLowerCaseNames(headers), body: Buffer.from(body, encoding) };
}

function withLowerCaseNames(headers: Record<string, string | undefined>): WebhookRequest["headers"] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
