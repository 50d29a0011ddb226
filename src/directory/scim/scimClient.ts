import type { CallPace, CallRank } from "../callPace.ts";
import { type CallBudget, DirectoryError, type Failure } from "../directory.ts";
import { type ReadToken, tokenMemory } from "./http/accessToken.ts";
import { boundedFetch, checkedUrl, LostAnswer } from "./http/boundedFetch.ts";
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
  /** The bearer token. */
  readToken: ReadToken;
  pace: CallPace;
  /** Milliseconds since the epoch. */
  now: () => number;
  sleep: (milliseconds: number) => Promise<unknown>;
  /** How many times longer to wait than for a real service. */
  clientTimeoutFactor?: number;
}

const baseUrlField = "directory.baseUrl";

/** A healthy answer takes well under a second, a full bulk request some seconds. */
const requestTimeoutMilliseconds = 15_000;
/** A user is read in well under a second, if the target does not ask to wait. */
const longestReadBackMilliseconds = 5_000;
const attemptsInAll = 3;
const firstPauseMilliseconds = 500;
/** What a target asks to wait beyond this is left to the queue. */
const longestPauseMilliseconds = 5_000;

/** A client on Node's own fetch. Throws `RangeError` for an address that no token may be sent to. */
export function scimClient(options: ScimClientOptions): ScimClient {
  const { target, now, sleep, pace, clientTimeoutFactor = 1 } = options;
  const checked = checkedUrl(options.baseUrl, baseUrlField, options.allowLoopbackHttp === true);
  const baseUrl = checked.replace(/\/+$/, "");
  const token = tokenMemory(target, options.readToken, now);

  async function attempt(
    request: ScimRequest,
    deadline: Deadline,
    { isRenewed }: { isRenewed: boolean } = { isRenewed: false },
  ): Promise<Omit<ScimAnswer, "repeated">> {
    const left = () => deadline.until - now();
    // A token may take a while, and the turn is not kept for it.
    const sent = await token.current(left());
    if (!(await pace.wait(left(), request.rank)) || left() <= 0) throw new DirectoryError(notYet(target));
    const milliseconds = Math.min(left(), requestTimeoutMilliseconds * clientTimeoutFactor);
    const answer = await exchange(request, { target, baseUrl, token: sent, milliseconds, now });
    if (answer.status === 429) pace.noteAnswer("throttled");
    else if (answer.status < 500) pace.noteAnswer("answered");
    if (answer.status !== 401) return answer;
    // Tokens that end at once are other ones each time, and no better.
    if (isRenewed || !(await token.renew(sent, left())))
      throw toError(target, { ...answer, repeated: false });
    return attempt(request, deadline, { isRenewed: true });
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
  const init = {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/scim+json, application/json",
      // GitHub refuses requests without one.
      "user-agent": "rollcall",
      ...(body !== undefined && { "content-type": "application/scim+json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
  const endpoint = { target, field: baseUrlField };
  const answer = await boundedFetch(`${baseUrl}${path}${toQuery(query)}`, init, milliseconds, endpoint);
  return {
    status: answer.status,
    body: answer.body,
    requestId: requestIdOf(answer.headers),
    retryAfterSeconds: retryAfterOf(answer.headers.get("retry-after"), now()),
  };
}

/** `+` and `&` stand in addresses, and mean something else in a query. */
function toQuery(query: Readonly<Record<string, string>>): string {
  const parts = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
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
