import type { CallPace, CallRank } from "../callPace.ts";
import { type CallBudget, DirectoryError, type Failure } from "../directory.ts";
import { isScimObject, type ScimObject } from "./scimAttributes.ts";
import { retryAfterOf, type ScimAnswer, toError } from "./scimFailures.ts";

interface ScimRequest {
  method: "GET" | "POST" | "PATCH";
  /** Begins with a slash; ids in it are percent-encoded. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  /** To make it twice is as good as once. */
  repeatable: boolean;
  /** Whom it goes before, where the target is paced. */
  rank?: CallRank;
}

/** All requests of one call of the port share its deadline, in milliseconds since the epoch. */
export interface Deadline {
  until: number;
}

export interface ScimClient {
  /** For messages. */
  readonly target: string;
  deadline(budget: CallBudget): Deadline;
  /** How long before its deadline a change has to end, so that there is a turn, and time, for reading it again. */
  readBackMilliseconds(budget: CallBudget): number;
  /**
   * Returns the answer with whatever status, except those that are about no user: throws `DirectoryError` for a network fault, a
   * redirect, a token that is refused, and a target that wants to be called less often or is not available.
   */
  send(request: ScimRequest, deadline: Deadline): Promise<ScimAnswer>;
}

export interface ScimClientOptions {
  /** The target's name, for messages. */
  target: string;
  /** `https`, except for a server on this machine where that is allowed. */
  baseUrl: string;
  allowLoopbackHttp?: boolean;
  /** The bearer token. `fresh`: the one before was refused, so no remembered one will do. */
  readToken: (how: { fresh: boolean }) => Promise<string>;
  pace: CallPace;
  /** Milliseconds since the epoch. */
  now: () => number;
  sleep: (milliseconds: number) => Promise<unknown>;
  /** How many times longer to wait than for a real service. */
  clientTimeoutFactor?: number;
}

/** A healthy answer takes well under a second, a full bulk request some seconds. */
const requestTimeoutMilliseconds = 15_000;
/** A page of 200 users with all that a service may show of them is well below. */
const largestAnswerBytes = 8 * 1024 * 1024;
/** A user is read in well under a second, if the target does not ask to wait. */
const longestReadBackMilliseconds = 5_000;
const attemptsInAll = 3;
const firstPauseMilliseconds = 500;
/** What a target asks to wait beyond this is left to the queue. */
const longestPauseMilliseconds = 5_000;
/** A token that has just been read anew, and is refused, is not read again for each user. */
const readAgainAfterMilliseconds = 30_000;

/** A client on Node's own fetch. Throws `RangeError` for an address that no token may be sent to. */
export function scimClient(options: ScimClientOptions): ScimClient {
  const { target, now, sleep, pace, clientTimeoutFactor = 1 } = options;
  const baseUrl = checkedBaseUrl(options.baseUrl, options.allowLoopbackHttp === true);
  const token = tokenOf(options);

  async function attempt(request: ScimRequest, deadline: Deadline): Promise<Omit<ScimAnswer, "repeated">> {
    if (!(await pace.wait(deadline.until - now(), request.rank))) throw new DirectoryError(notYet(target));
    const left = deadline.until - now();
    if (left <= 0) throw new DirectoryError(notYet(target));
    const longest = Math.min(left, requestTimeoutMilliseconds * clientTimeoutFactor);
    const milliseconds = Math.max(1, Math.floor(longest));
    const sent = await token.current();
    const answer = await exchange(request, { target, baseUrl, token: sent, milliseconds, now });
    if (answer.status === 429) pace.noteAnswer("throttled");
    else if (answer.status < 500) pace.noteAnswer("answered");
    if (answer.status !== 401) return answer;
    if (!(await token.renew(sent))) throw toError(target, { ...answer, repeated: false });
    return attempt(request, deadline);
  }

  return {
    target,
    deadline: ({ milliseconds }) => ({ until: now() + milliseconds }),
    readBackMilliseconds: ({ milliseconds }) =>
      Math.ceil(pace.intervalMilliseconds() + Math.min(longestReadBackMilliseconds, milliseconds / 4)),
    async send(request, deadline) {
      let repeated = false;
      // Once an answer to a change was lost, whatever the attempts after it say does not tell that it was not made.
      let inDoubt = false;
      const isChange = request.method !== "GET";
      for (let number = 1; ; number += 1) {
        const isLast = number >= attemptsInAll;
        const pause = firstPauseMilliseconds * 2 ** (number - 1);
        try {
          const answer = { ...(await attempt(request, deadline)), repeated };
          const isThrottled = answer.status === 429;
          const isDown = [502, 503, 504].includes(answer.status);
          if (!isThrottled && !isDown) return answer;
          const wait = answer.retryAfterSeconds === undefined ? pause : answer.retryAfterSeconds * 1000;
          // What was throttled was not done, so that it may be sent again whatever it is.
          const mayRepeat = isThrottled || request.repeatable;
          if (isLast || !mayRepeat || !fits(wait, deadline, now()))
            throw doubted(toError(target, answer), inDoubt || (isChange && isLostBehind(answer.status)));
          repeated ||= isDown;
          inDoubt ||= isChange && isLostBehind(answer.status);
          await sleep(wait);
        } catch (error) {
          const mayRepeat = request.repeatable && error instanceof LostAnswer && !isLast;
          if (!mayRepeat || !fits(pause, deadline, now())) throw doubted(error, inDoubt);
          repeated = true;
          inDoubt ||= isChange && error.failure.mayStillHappen === true;
          await sleep(pause);
        }
      }
    },
  };
}

/** A gateway that gives up does not stop what is behind it. */
function isLostBehind(status: number): boolean {
  return status === 502 || status === 504;
}

/** The failure of a call of which an earlier attempt may still be under way. */
function doubted(error: unknown, inDoubt: boolean): unknown {
  if (!inDoubt || !(error instanceof DirectoryError)) return error;
  return new DirectoryError({ ...error.failure, mayStillHappen: true }, { cause: error });
}

function fits(wait: number, { until }: Deadline, now: number): boolean {
  return wait <= longestPauseMilliseconds && now + wait < until;
}

function notYet(target: string): Failure {
  const message = `${target} takes only so many calls a second, and there was no turn left in time; it will be tried again`;
  return { class: "throttled", code: "Paced", message };
}

/** The token goes there with every request, so nobody on the way may read it. */
export function checkedBaseUrl(text: string, allowLoopbackHttp: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = ["127.0.0.1", "[::1]", "localhost"].includes(url?.hostname ?? "");
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback && allowLoopbackHttp);
  if (url === undefined || !isSafe)
    throw new RangeError("directory.baseUrl: expected an https address, such as https://example.com/scim/v2");
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw new RangeError(
      "directory.baseUrl: expected an address without credentials, query or fragment; the token belongs into directory.secret",
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** Remembers the token, and reads it anew once it is refused: for all calls under way together. */
function tokenOf({ target, readToken, now }: Pick<ScimClientOptions, "target" | "readToken" | "now">) {
  let token: Promise<string> | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;
  function read(fresh: boolean): Promise<string> {
    const reading = checkedToken(target, readToken, fresh);
    // A failed read is not remembered.
    reading.catch(() => {
      if (token === reading) token = undefined;
    });
    token = reading;
    return reading;
  }
  return {
    current: () => token ?? read(false),
    /** Whether there is another token than the one that was refused. */
    async renew(refused: string): Promise<boolean> {
      if (now() - renewedAt < readAgainAfterMilliseconds) return (await (token ?? read(true))) !== refused;
      renewedAt = now();
      return (await read(true)) !== refused;
    },
  };
}

/** What cannot stand in a header is refused here, because fetch would quote it in its error. */
async function checkedToken(
  target: string,
  readToken: ScimClientOptions["readToken"],
  fresh: boolean,
): Promise<string> {
  let text: string;
  try {
    text = (await readToken({ fresh })).trim();
  } catch (error) {
    if (error instanceof DirectoryError) throw error;
    const message = `the token of ${target} cannot be read; check directory.secret and the permission to read it`;
    throw new DirectoryError({ class: "configuration", code: "SecretUnreadable", message }, { cause: error });
  }
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  const message = `the token of ${target} is empty or has characters that no token has; store it anew at directory.secret`;
  throw new DirectoryError({ class: "configuration", code: "SecretUnusable", message });
}

/** No answer came, or only a part of one. */
class LostAnswer extends DirectoryError {}

interface Exchange {
  target: string;
  baseUrl: string;
  token: string;
  milliseconds: number;
  now: () => number;
}

async function exchange(
  { method, path, query = {}, body }: ScimRequest,
  { target, baseUrl, token, milliseconds, now }: Exchange,
): Promise<Omit<ScimAnswer, "repeated">> {
  const answered = await translated(target, async () => {
    const response = await fetch(`${baseUrl}${path}${toQuery(query)}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/scim+json, application/json",
        // GitHub refuses requests without one.
        "user-agent": "rollcall",
        ...(body !== undefined && { "content-type": "application/scim+json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // The token must not go elsewhere.
      redirect: "manual",
      signal: AbortSignal.timeout(milliseconds),
    });
    return { response, text: await readText(response) };
  });
  const { response, text } = answered;
  if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400))
    throw new DirectoryError(redirected(target));
  if (text === undefined) throw new DirectoryError(tooLarge(target));
  return {
    status: response.status,
    body: parseObject(text),
    requestId: requestIdOf(response.headers),
    retryAfterSeconds: retryAfterOf(response.headers.get("retry-after"), now()),
  };
}

/** `+` and `&` stand in addresses, and mean something else in a query. */
function toQuery(query: Readonly<Record<string, string>>): string {
  const parts = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
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

const requestIdHeaders = [
  "x-request-id",
  "x-amzn-requestid",
  "x-slack-req-id",
  "x-zm-trackingid",
  "x-github-request-id",
];

function requestIdOf(headers: Headers): string | undefined {
  for (const name of requestIdHeaders) {
    const id = headers.get(name);
    if (id !== null && /^[\w:./+=-]{1,128}$/.test(id)) return id;
  }
  return undefined;
}

function redirected(target: string): Failure {
  const message = `${target} answered with a redirect, which is not followed with the token; set directory.baseUrl to where it leads`;
  return { class: "configuration", code: "Redirected", message };
}

function tooLarge(target: string): Failure {
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

async function translated<T>(target: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = networkCodeOf(error);
    if (isCertificateFault(code)) {
      const message = `the certificate of ${target} is not trusted (${code}); check directory.baseUrl`;
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
