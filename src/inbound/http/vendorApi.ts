import { eventBounds, findBreach, parseExactJson } from "../../events/boundedJson.ts";
import type { VendorRequest } from "../inboundEvent.ts";
import type { VendorResponse } from "../webhooks/vendor.ts";

const timeoutMilliseconds = 5_000;
/** An employee is some kilobytes. */
const maxResponseBytes = 1024 * 1024;

/**
 * Calls a vendor's API, for five seconds at most. It follows no redirect, which would carry the secret to wherever it points.
 *
 * @param signal ends the call, which has then failed
 */
export async function callVendorApi(
  { method, url, headers, body }: VendorRequest,
  signal: AbortSignal,
): Promise<VendorResponse> {
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers },
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]),
      ...(body !== undefined && { body }),
    });
    const text = await readText(response);
    if (response.status === 404) return { kind: "notFound" };
    if (!response.ok) return { kind: "failed", why: `the vendor's API answered ${response.status}` };
    if (text === undefined)
      return { kind: "failed", why: `the vendor's response has over ${maxResponseBytes} bytes` };
    const breach = findBreach(text, eventBounds);
    if (breach !== undefined) return { kind: "failed", why: `the vendor's response: ${breach.message}` };
    const json = parseExactJson(text);
    // It may be the page of a proxy or of a maintenance window: the next delivery may succeed.
    return json === undefined
      ? { kind: "failed", why: "the vendor's response is not JSON" }
      : { kind: "found", json };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Not its message: it may quote the URL, and the URL holds a person's id.
    return { kind: "failed", why: `the vendor's API did not respond (${error.name})` };
  }
}

/** Reads the body to its end, so that the connection can be used again; `undefined` for one that is too long. */
async function readText({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxResponseBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
