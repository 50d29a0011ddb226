import { DirectoryError, type Failure } from "../../directory.ts";
import { attributeOf, countOf, type ScimObject, textOf } from "../scimAttributes.ts";
import { isSuccess, retryAfterOf } from "../scimFailures.ts";
import type { AccessToken, ReadToken } from "./accessToken.ts";
import { boundedFetch, checkedUrl } from "./boundedFetch.ts";

export interface ClientCredentialsOptions {
  /** The target's name, for messages. */
  target: string;
  /** `https`, except for a server on this machine where that is allowed. */
  tokenUrl: string;
  allowLoopbackHttp?: boolean;
  scope?: string | undefined;
  /** What the endpoint wants besides, or in place of the usual `grant_type`. */
  parameters?: Readonly<Record<string, string>> | undefined;
  /** `CLIENT_ID:CLIENT_SECRET`. In one text, so that both change together. */
  readSecret: () => Promise<string>;
  /** Milliseconds since the epoch. */
  now: () => number;
  clientTimeoutFactor?: number;
}

const field = "directory.oauth.tokenUrl";
const requestTimeoutMilliseconds = 10_000;
/** A token that ends while a request is on its way is refused: so a new one is fetched so long before, or at nine tenths of a short life. */
const earlierMilliseconds = 60_000;

/**
 * Fetches access tokens by OAuth's client credentials. The client signs in by basic authentication, which every token endpoint has to take. The
 * secret is remembered, and read again once the client or a token was refused. Throws `DirectoryError`, and what `readSecret` throws.
 *
 * https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4
 */
export function clientCredentials(options: ClientCredentialsOptions): ReadToken {
  const { target, readSecret } = options;
  const tokenUrl = checkedUrl(options.tokenUrl, field, options.allowLoopbackHttp === true);
  let secret: string | undefined;
  return async ({ fresh }) => {
    const remembered = fresh ? undefined : secret;
    secret = remembered ?? checkedSecret(target, await readSecret());
    const answer = await fetchToken(tokenUrl, secret, options);
    if (!("failure" in answer)) return answer;
    const { failure } = answer;
    const mayBeOld = remembered !== undefined && failure.class === "configuration";
    secret = undefined;
    if (!mayBeOld) throw new DirectoryError(failure);
    secret = checkedSecret(target, await readSecret());
    const second = await fetchToken(tokenUrl, secret, options);
    if ("failure" in second) throw new DirectoryError(second.failure);
    return second;
  };
}

function checkedSecret(target: string, text: string): string {
  const secret = text.trim();
  if (/^[^:]+:./.test(secret)) return secret;
  const message = `the secret of ${target} was expected to be CLIENT_ID:CLIENT_SECRET; store it anew at directory.secret`;
  throw new DirectoryError({ class: "configuration", code: "SecretUnusable", message });
}

async function fetchToken(
  tokenUrl: string,
  secret: string,
  { target, scope, parameters, now, clientTimeoutFactor = 1 }: ClientCredentialsOptions,
): Promise<AccessToken | { failure: Failure }> {
  const form = { grant_type: "client_credentials", ...(scope !== undefined && { scope }), ...parameters };
  const init = {
    method: "POST",
    headers: {
      authorization: `Basic ${toBasic(secret)}`,
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      "user-agent": "rollcall",
    },
    body: new URLSearchParams(form).toString(),
  };
  const asked = now();
  const timeout = requestTimeoutMilliseconds * clientTimeoutFactor;
  const answer = await withoutDoubt(() => boundedFetch(tokenUrl, init, timeout, { target, field }));
  const { status, headers, body } = answer;
  if (!isSuccess({ status })) {
    const retryAfterSeconds = retryAfterOf(headers.get("retry-after"), now());
    const failure = refusalOf(target, status, body);
    return { failure: { ...failure, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) } };
  }
  const text = textOf(body && attributeOf(body, "access_token"));
  const type = textOf(body && attributeOf(body, "token_type")) ?? "bearer";
  if (text === undefined || type.toLowerCase() !== "bearer") return { failure: noToken(target) };
  const seconds = countOf(body && attributeOf(body, "expires_in"));
  if (seconds === undefined) return { text };
  const milliseconds = seconds * 1000;
  return { text, until: asked + milliseconds - Math.min(earlierMilliseconds, milliseconds / 10) };
}

/** Both parts are encoded, because the first colon ends the id. https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1 */
function toBasic(secret: string): string {
  const [id = ""] = secret.split(":", 1);
  const parts = [id, secret.slice(id.length + 1)].map((part) => encodeURIComponent(part));
  return Buffer.from(parts.join(":")).toString("base64");
}

/** To fetch a token changes no user, so that nothing may still happen. */
async function withoutDoubt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    const { mayStillHappen: _, ...failure } = error.failure;
    throw new DirectoryError(failure, { cause: error });
  }
}

/** The standard's own words only. https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 */
const errorCodes = new Set([
  "invalid_request",
  "invalid_client",
  "invalid_grant",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
]);

function refusalOf(target: string, status: number, body: ScimObject | undefined): Failure {
  const place = `the token endpoint of ${target} answered with HTTP status ${status}`;
  if (status === 429)
    return {
      class: "throttled",
      code: "TokenThrottled",
      message: `${place}: it wants to be asked less often`,
    };
  if (status >= 500)
    return { class: "transient", code: "TokenUnavailable", message: `${place}; it will be tried again` };
  const error = textOf(body && attributeOf(body, "error"));
  const word = error !== undefined && errorCodes.has(error) ? ` (${error})` : "";
  const message = `${place}${word}: it does not take the client; check directory.oauth, and the CLIENT_ID:CLIENT_SECRET at directory.secret`;
  return { class: "configuration", code: "ClientRefused", message };
}

function noToken(target: string): Failure {
  const message = `the token endpoint of ${target} was expected to answer with a bearer token, and answered with something else; check ${field}`;
  return { class: "configuration", code: "NoToken", message };
}
