import { parseJson } from "../../events/boundedJson.ts";
import type { Question } from "../inboundEvent.ts";

/**
 * - `answered`: JSON, unchecked.
 * - `unknown`: the vendor knows nobody like that.
 * - `failed`: no answer, or a refusal; worth another try.
 */
export type VendorAnswer =
  | { kind: "answered"; value: unknown }
  | { kind: "unknown" }
  | { kind: "failed"; why: string };

const timeoutMilliseconds = 5_000;
/** An employee is some kilobytes. */
const maxAnswerBytes = 1024 * 1024;

/**
 * Asks a vendor's API, for five seconds at most. Follows no redirect, which would carry the secret to wherever it points.
 *
 * @param signal ends the asking, which has failed then
 */
export async function askVendor(
  { method, url, headers, body }: Question,
  signal: AbortSignal,
): Promise<VendorAnswer> {
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers },
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]),
      ...(body !== undefined && { body }),
    });
    const text = await readText(response);
    if (response.status === 404) return { kind: "unknown" };
    if (!response.ok) return { kind: "failed", why: `the vendor's API answered ${response.status}` };
    if (text === undefined)
      return { kind: "failed", why: `the vendor's answer has over ${maxAnswerBytes} bytes` };
    const value = parseJson(text);
    // The page of a proxy, or of somebody who is mending things: the employee may be told of next time.
    return value === undefined
      ? { kind: "failed", why: "the vendor's answer is not JSON" }
      : { kind: "answered", value };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Not its message: it may quote the address, and the address names a person's id.
    return { kind: "failed", why: `the vendor's API gave no answer (${error.name})` };
  }
}

/** The body, read to its end so that the connection can be used again; `undefined` if it is longer than any answer is. */
async function readText({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxAnswerBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
