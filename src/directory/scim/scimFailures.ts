import { DirectoryError, type Failure, type FailureClass, notAppliedCode } from "../directory.ts";
import { attributeOf, objectsOf, type ScimObject } from "./scimAttributes.ts";

/** What came back: the status decides, and the body is read as far as it can be. */
export interface ScimAnswer {
  status: number;
  /** `undefined`: there was none, or it was no JSON object. */
  body: ScimObject | undefined;
  requestId: string | undefined;
  retryAfterSeconds: number | undefined;
  /** An attempt before may have taken effect, and its answer was lost. */
  repeated: boolean;
}

interface Meaning {
  class: FailureClass;
  code: string;
  /** For people: what it says of the target, and what to do. */
  advice: string;
}

/** What each status means, where SCIM gives it a meaning of its own or HTTP does. */
const meaningOfStatus = new Map<number, Meaning>(
  Object.entries({
    400: [
      "permanent",
      "BadRequest",
      "it refuses the values of this user; correct them in HR or at the target",
    ],
    401: ["configuration", "Unauthorized", "the token is not accepted; store a valid one"],
    403: ["configuration", "Forbidden", "the token may not do this, or the user is protected at the target"],
    404: [
      "configuration",
      "RouteNotFound",
      "there is no SCIM service at this address; check directory.baseUrl",
    ],
    405: [
      "configuration",
      "MethodNotAllowed",
      "there is no such call at this address; check directory.baseUrl",
    ],
    409: ["contended", "Conflict", "the user was changed at the same time"],
    412: ["contended", "PreconditionFailed", "the user was changed at the same time"],
    413: ["invalidCall", "TooLarge", "the request holds more than it takes"],
    422: [
      "permanent",
      "Unprocessable",
      "it refuses the values of this user; correct them in HR or at the target",
    ],
    429: ["throttled", "TooManyRequests", "it wants to be called less often"],
    500: ["unknown", "ServerError", "it failed; some targets say so of a user whom they do not have"],
    501: ["configuration", "NotImplemented", "it has no such call; check directory.profile"],
    502: ["transient", "BadGateway", "it cannot be reached at the moment"],
    503: ["transient", "Unavailable", "it is not available at the moment"],
    504: ["transient", "GatewayTimeout", "it took too long"],
  } as const).map(([status, [failureClass, code, advice]]) => [
    Number(status),
    { class: failureClass, code, advice },
  ]),
);

const unknownUser: Meaning = {
  class: "noSuchUser",
  code: "NotFound",
  advice: "it has no user of this id",
};

/**
 * Translates an answer that is no success. The service's own `detail` may quote a user, so it is left out.
 *
 * A 404 means the user only if it comes with an error of SCIM's: a web server says 404 of an address that it does not know.
 */
export function toFailure(target: string, answer: ScimAnswer): Failure {
  const { status, body, requestId, retryAfterSeconds } = answer;
  const meaning = status === 404 && isScimError(body) ? unknownUser : meaningOf(status);
  const scimType = scimTypeOf(body);
  return {
    class: meaning.class,
    code: meaning.code,
    message: `${target} answered with HTTP status ${status}${scimType === undefined ? "" : ` (${scimType})`}: ${meaning.advice}`,
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

export function toError(target: string, answer: ScimAnswer): DirectoryError {
  return new DirectoryError(toFailure(target, answer));
}

/** A list that is refused is nobody's fault: no message of a person may end by it. */
export function toListError(target: string, answer: ScimAnswer): DirectoryError {
  const failure = toFailure(target, answer);
  const isPersons = failure.class === "permanent" || failure.class === "noSuchUser";
  return new DirectoryError(isPersons ? { ...failure, class: "unknown" } : failure);
}

function meaningOf(status: number): Meaning {
  return (
    meaningOfStatus.get(status) ?? {
      class: status >= 500 ? "transient" : "unknown",
      code: `Http${status}`,
      advice: "no standard says what this means",
    }
  );
}

export function isSuccess({ status }: Pick<ScimAnswer, "status">): boolean {
  return status >= 200 && status < 300;
}

/** Some services wrap the error in other objects, write `schemas` as a text, or leave it out. */
export function isScimError(body: ScimObject | undefined): boolean {
  return wrappedObjects(body).some((object) => {
    const schemas = [attributeOf(object, "schemas"), attributeOf(object, "schema")].flat();
    if (schemas.some((schema) => typeof schema === "string" && schema.endsWith(":Error"))) return true;
    const has = (name: string) => attributeOf(object, name) !== undefined;
    // With a title or a type it is a gateway's (RFC 9457), which knows routes and no users.
    return has("detail") && has("status") && !has("title") && !has("type");
  });
}

/** The object and those in it, three levels deep. */
function wrappedObjects(body: ScimObject | undefined, levels = 3): ScimObject[] {
  if (body === undefined || levels === 0) return [];
  const inner = Object.values(body).flatMap((value) => objectsOf(value));
  return [body, ...inner.flatMap((object) => wrappedObjects(object, levels - 1))];
}

/** The standard's own words only, because any other text may be about a person. */
const scimTypes = new Set([
  "invalidFilter",
  "tooMany",
  "uniqueness",
  "mutability",
  "invalidSyntax",
  "invalidPath",
  "noTarget",
  "invalidValue",
  "invalidVers",
  "sensitive",
  "invalidCursor",
  "expiredCursor",
  "invalidCount",
]);

function scimTypeOf(body: ScimObject | undefined): string | undefined {
  const types = wrappedObjects(body).map((object) => attributeOf(object, "scimType"));
  return types.find((type): type is string => typeof type === "string" && scimTypes.has(type));
}

/** The service said yes, and what it shows is not so. Tried a bounded number of times, then a dead letter. */
export function notApplied(target: string, expected: string): Failure {
  return {
    class: "unknown",
    code: notAppliedCode,
    message: `${target} answered that the change was made, and ${expected}. Make it by hand, and ask the vendor`,
  };
}

/** The service said yes, and shows nothing of it: nobody can tell whether the access stands. */
export function notShown(target: string): Failure {
  return {
    class: "unknown",
    code: "NotShown",
    message: `${target} answered that the suspension was made, and does not show whether a user is active, so that nobody can tell; look there by hand, and write \`showsActive: false\` into the account's directory, if its word is to be believed`,
  };
}

/** The answer cannot be what was asked for, whatever its status says. */
export function unreadable(target: string, expected: string): DirectoryError {
  return new DirectoryError({
    class: "unknown",
    code: "UnreadableAnswer",
    message: `${target} was expected to answer with ${expected}, and answered with something else`,
  });
}

/**
 * Reads `Retry-After`, in seconds or as a date.
 *
 * https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3
 *
 * @param now milliseconds since the epoch
 */
export function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  // A date has a month's name: other texts would be read as years.
  const date = /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
