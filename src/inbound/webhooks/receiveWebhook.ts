import pMap from "p-map";
import * as z from "zod";
import { findBreach, parseJson } from "../../events/boundedJson.ts";
import type { VendorAnswer } from "../http/askVendor.ts";
import { type Conclusion, type InboundEvent, invalid, type Question, type Reading } from "../inboundEvent.ts";
import type { InboundEventResult } from "../publishInboundEvents.ts";
import type { ParameterStore } from "../ssm/parameterStore.ts";
import {
  isVendorName,
  type Vendor,
  type VendorAccount,
  type VendorName,
  verificationName,
} from "./vendor.ts";

export interface WebhookContext extends IngestContext {
  vendors: Readonly<Record<VendorName, Vendor>>;
  parameters: ParameterStore;
  /** Milliseconds since the epoch. */
  now: number;
}

/** The body is a vendor's own by then; the bounds are for a vendor's mistake. */
const bodyBounds = { depth: 64, values: 100_000 };

/**
 * A vendor's call in, what to answer out, after its events are on the bus. Cheap and certain checks come first; what the body
 * says is looked at when its signature is known to be right.
 */
export async function receiveWebhook(request: WebhookRequest, context: WebhookContext): Promise<Received> {
  const name = request.path.replace(/^\/|\/$/g, "");
  if (!isVendorName(name)) return received.notFound("no vendor has that address");
  if (request.method !== "POST") return received.wrongMethod(name);
  const setUp = context.vendors[name].setUp(new TextDecoder().decode(request.body));
  if (setUp?.kind === "ping") return received.ping(name);
  const parameter = await context.parameters.read(name);
  if (parameter === undefined) {
    if (setUp === undefined) return received.notFound("the vendor has no parameter", name);
    await context.parameters.write(verificationName(name), setUp.token);
    return received.token(name);
  }
  const configured = context.vendors[name].configure(parseJson(parameter));
  if (!configured.ok) return received.misconfigured(name, configured.problems);
  const refusal = configured.account.refusal(request, context.now);
  if (refusal !== undefined) return received.unauthorized(name, refusal);
  const readings = readBody(request.body, configured.account);
  return received.taken(name, await ingestReadings(readings, context));
}

function readBody(body: Uint8Array, account: VendorAccount): Reading[] {
  const text = new TextDecoder().decode(body);
  const breach = findBreach(text, bodyBounds);
  if (breach !== undefined) return [invalid(breach.message)];
  const payload = parseJson(text);
  return payload === undefined ? [invalid("the body is not JSON")] : account.read(payload);
}

interface WebhookRequest {
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

interface IngestContext {
  /** Asks a vendor's API. To end early enough for `publish` to publish what came of it. */
  ask: (question: Question) => Promise<VendorAnswer>;
  publish: (events: readonly InboundEvent[]) => Promise<InboundEventResult[]>;
}

type LookUp = Extract<Reading, { kind: "lookUp" }>;
type Failed = Extract<VendorAnswer, { kind: "failed" }>;

/** Vendors limit how often they are asked, and five invocations may ask at a time. */
const lookUpsAtOnce = 5;

/**
 * Readings of one webhook in, one end for each out, in no particular order. What can be published is, even if its neighbours
 * cannot: the vendor sends all of them again, and they are known by their ids.
 *
 * What asks nobody goes first, and alone: an API that hangs must not hold up a leaver whose fields came along, or it does so
 * each time that the webhook comes again.
 */
export async function ingestReadings(
  readings: readonly Reading[],
  { ask, publish }: IngestContext,
): Promise<End[]> {
  const told = readings.filter((each) => each.kind !== "lookUp");
  const lookUps = readings.filter((each) => each.kind === "lookUp");
  const endsOfTold = await publishAmong(told, publish);
  const lookedUp = await pMap(lookUps, (each) => lookUp(each, ask), { concurrency: lookUpsAtOnce });
  return [...endsOfTold, ...(await publishAmong(lookedUp, publish))];
}

async function publishAmong(
  conclusions: readonly (Conclusion | Failed)[],
  publish: IngestContext["publish"],
): Promise<End[]> {
  const events = conclusions.flatMap((each) => (each.kind === "event" ? [each.event] : []));
  const ends = events.length > 0 ? await publish(events) : [];
  return [...conclusions.filter((each) => each.kind !== "event"), ...ends];
}

async function lookUp(
  { question, conclude }: LookUp,
  ask: IngestContext["ask"],
): Promise<Conclusion | Failed> {
  const answer = await ask(question);
  switch (answer.kind) {
    case "answered":
      return conclude(answer.value);
    case "unknown":
      return invalid("the vendor's API knows nobody of that id");
    case "failed":
      return answer;
  }
}

/** What is answered to a call, and what the log says of it. Nothing here names a person. */
export interface Received {
  status: 200 | 401 | 404 | 405 | 413 | 422 | 503;
  vendor?: VendorName;
  /** For the log only: whoever calls is told the status. */
  why: string;
  /** Ids of the events that the bus has. */
  published: readonly string[];
  /** Messages that should have become events and did not. */
  notPublished: readonly { id?: string; why: string }[];
}

/** How one part of a webhook ended. */
type End = InboundEventResult | { kind: "nothing" | "unusable" | "failed"; why: string };

const empty = { published: [], notPublished: [] };

export const received = {
  tooLarge: (): Received => ({ ...empty, status: 413, why: "the body is too large" }),
  notFound: (why: string, vendor?: VendorName): Received => ({
    ...empty,
    status: 404,
    why,
    ...(vendor && { vendor }),
  }),
  wrongMethod: (vendor: VendorName): Received => ({ ...empty, status: 405, vendor, why: "not a POST" }),
  ping: (vendor: VendorName): Received => ({ ...empty, status: 200, vendor, why: "a ping" }),
  token: (vendor: VendorName): Received => ({
    ...empty,
    status: 200,
    vendor,
    why: "the verification token is kept as a parameter",
  }),
  unauthorized: (vendor: VendorName, why: string): Received => ({ ...empty, status: 401, vendor, why }),
  /** Worth another try of the vendor's, because the event is not lost while somebody mends it. */
  misconfigured: (vendor: VendorName, problems: string): Received => ({
    status: 503,
    vendor,
    why: "the vendor's parameter is wrong",
    published: [],
    notPublished: [{ why: problems }],
  }),
  taken,
};

/** 200 only if nothing is left to be done: what may pass later outweighs what never will. */
function taken(vendor: VendorName, ends: readonly End[]): Received {
  const kinds = new Set(ends.map(({ kind }) => kind));
  const failed = { status: 503, why: "not all could be published; it comes again" } as const;
  const unusable = { status: 422, why: "not all could be made events of" } as const;
  const done = { status: 200, why: sumUp(ends) } as const;
  return {
    ...(kinds.has("failed") ? failed : kinds.has("unusable") ? unusable : done),
    vendor,
    published: ends.flatMap((end) => (end.kind === "accepted" ? [end.id] : [])),
    notPublished: ends.flatMap((end) =>
      end.kind === "failed" || end.kind === "unusable"
        ? [{ why: end.why, ...("id" in end && { id: end.id }) }]
        : [],
    ),
  };
}

function sumUp(ends: readonly End[]): string {
  const reasons = ends.flatMap((end) => (end.kind === "nothing" ? [end.why] : []));
  return reasons.length === 0 ? "published" : [...new Set(reasons)].join("; ");
}
