import { DirectoryError, type Failure } from "../../directory.ts";
import { isScimObject, type ScimObject } from "../scimAttributes.ts";

/** An address that a request with a credential goes to. */
export interface Endpoint {
  /** Whose it is, for messages: `Slack`. */
  target: string;
  /** The field of the policy that has the address: `directory.baseUrl`. */
  field: string;
}

/** No answer came, or only a part of one. */
export class LostAnswer extends DirectoryError {}

/** A page of 200 users with all that a service may show of them is well below. */
const largestAnswerBytes = 8 * 1024 * 1024;

/**
 * Makes one request, and reads its answer up to a bound. Whatever status it has is the caller's business, but for a redirect, which would take
 * the credential elsewhere. Throws `DirectoryError`, and `LostAnswer` where no answer came.
 */
export async function boundedFetch(
  url: string,
  init: Pick<RequestInit, "method" | "headers" | "body">,
  milliseconds: number,
  endpoint: Endpoint,
): Promise<{ status: number; headers: Headers; body: ScimObject | undefined }> {
  const { response, text } = await translated(endpoint, async () => {
    const signal = AbortSignal.timeout(Math.max(1, Math.floor(milliseconds)));
    const response = await fetch(url, { ...init, redirect: "manual", signal });
    return { response, text: await readText(response) };
  });
  const { type, status, headers } = response;
  if (type === "opaqueredirect" || (status >= 300 && status < 400))
    throw new DirectoryError(redirected(endpoint));
  if (text === undefined) throw new DirectoryError(tooLarge(endpoint));
  return { status, headers, body: parseObject(text) };
}

/** A credential goes there with every request, so nobody on the way may read it. Throws `RangeError` for any other address. */
export function checkedUrl(text: string, field: string, allowLoopbackHttp: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = ["127.0.0.1", "[::1]", "localhost"].includes(url?.hostname ?? "");
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback && allowLoopbackHttp);
  if (url === undefined || !isSafe)
    throw new RangeError(`${field}: expected an https address, such as https://example.com/scim/v2`);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw new RangeError(
      `${field}: expected an address without credentials, query or fragment; what is secret belongs into directory.secret`,
    );
  return `${url.origin}${url.pathname}`;
}

/** `undefined` for more than is read. */
async function readText({ body }: Response): Promise<string | undefined> {
  if (body === null) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > largestAnswerBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Services send wrong content types, so the body decides. */
function parseObject(text: string): ScimObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isScimObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function redirected({ target, field }: Endpoint): Failure {
  const message = `${target} answered with a redirect, which is not followed with the token; set ${field} to where it leads`;
  return { class: "configuration", code: "Redirected", message };
}

function tooLarge({ target }: Endpoint): Failure {
  const message = `${target} answered with more than ${largestAnswerBytes} bytes`;
  return { class: "unknown", code: "AnswerTooLarge", message };
}

/** A request that was never sent cannot have been carried out. */
const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

async function translated<T>({ target, field }: Endpoint, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = networkCodeOf(error);
    if (isCertificateFault(code)) {
      const message = `the certificate of ${target} is not trusted (${code}); check ${field}`;
      throw new DirectoryError(
        { class: "configuration", code: "CertificateRefused", message },
        { cause: error },
      );
    }
    const failure: Failure = {
      class: "transient",
      code,
      message: `${target} gave no answer (${code}); it will be tried again`,
      ...(!neverSent.has(code) && { mayStillHappen: true }),
    };
    throw new LostAnswer(failure, { cause: error });
  }
}

/** Node's fetch throws a `TypeError` whose cause knows more. */
function networkCodeOf(error: unknown): string {
  if (!(error instanceof Error)) return "NetworkFault";
  if (error.name === "TimeoutError" || error.name === "AbortError") return error.name;
  const codes = [error, error.cause].map((each) => (isScimObject(each) ? each.code : undefined));
  return codes.find((code): code is string => typeof code === "string") ?? "NetworkFault";
}

function isCertificateFault(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|^ERR_TLS/.test(code);
}
