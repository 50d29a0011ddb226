import { findBreach } from "../../events/findBreach.ts";
import { parseJson } from "../../events/parseJson.ts";
import { type Reading, unusable } from "../reading.ts";
import type { ParameterStore } from "./parameterStore.ts";
import type { WebhookRequest } from "./readRequest.ts";
import { type Received, received } from "./received.ts";
import { type TakeInContext, takeInReadings } from "./takeInReadings.ts";
import type { Vendor, VendorAccount } from "./vendor.ts";
import { isVendorName, type VendorName, verificationName } from "./vendorNames.ts";

export interface WebhookContext extends TakeInContext {
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
  return received.taken(name, await takeInReadings(readings, context));
}

function readBody(body: Uint8Array, account: VendorAccount): Reading[] {
  const text = new TextDecoder().decode(body);
  const breach = findBreach(text, bodyBounds);
  if (breach !== undefined) return [unusable(breach.message)];
  const payload = parseJson(text);
  return payload === undefined ? [unusable("the body is not JSON")] : account.read(payload);
}
