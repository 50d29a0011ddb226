import { type CallEntry, DirectoryError, type Failure, type TargetResult } from "../directory.ts";
import { attributeOf, countOf, isScimObject, objectsOf, type ScimObject, textOf } from "./scimAttributes.ts";
import { isScimError, isSuccess, notApplied, type ScimAnswer, toFailure } from "./scimFailures.ts";
import { userPath } from "./scimLookUp.ts";
import {
  adopt,
  type CallUnderWay,
  done,
  failed,
  letIn,
  noteAnswer,
  readBack,
  type ScimOperation,
  toChange,
} from "./scimUserCalls.ts";
import { isAs, newUser, patchMessage, patchOperations, toScimUser } from "./scimUsers.ts";

/** What became of the users of a bulk request. */
interface BulkOutcome {
  results: Map<string, TargetResult>;
  /** Those of whom the target says yes, and has shown nothing else. One of a call's has to be read again before they count. */
  claims: BulkClaim[];
}

export interface BulkClaim {
  entry: CallEntry;
  /** Unknown of a created user whose id the answer does not tell. */
  userId: string | undefined;
  /** The result, where the claim is believed. */
  believed: TargetResult;
}

/**
 * Changes several users by one bulk request. Returns what became of them, or `again` if the target did not take the request: the trust
 * in it has changed, so that the next one is smaller, or carries one user.
 *
 * https://www.rfc-editor.org/rfc/rfc7644.html#section-3.7
 */
export async function performBulk(
  entries: readonly CallEntry[],
  call: CallUnderWay,
): Promise<BulkOutcome | "again"> {
  const { client, trust, operation, deadline, changesUntil } = call;
  const body = toRequest(entries, call);
  const { bulk } = await call.announcement(deadline);
  if (Buffer.byteLength(JSON.stringify(body)) > (bulk?.bytes ?? Number.POSITIVE_INFINITY)) {
    trust.halveBulk(entries.length);
    return "again";
  }
  const repeatable = operation !== "create";
  const answer = await client.send({ method: "POST", path: "/Bulk", body, repeatable }, changesUntil);
  noteAnswer(call, answer);
  if (answer.status === 413) {
    trust.halveBulk(entries.length);
    return "again";
  }
  const results = isSuccess(answer) ? readResults(entries, operation, answer.body) : undefined;
  if (!isSuccess(answer) || (results?.every(isRefused) ?? false)) {
    trust.stopBulk();
    return "again";
  }
  // Nobody knows what became of anybody. The next try goes user by user.
  if (results === undefined || results.every((result) => result === undefined)) trust.stopBulk();
  return judge(entries, results ?? [], answer, call);
}

const bulkSchema = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/** Without `failOnErrors` the service goes on after a failure. */
function toRequest(entries: readonly CallEntry[], call: CallUnderWay): ScimObject {
  const operations = entries.map((entry, index) => ({ bulkId: `${index}`, ...toOperation(entry, call) }));
  return { schemas: [bulkSchema], Operations: operations };
}

function toOperation(entry: CallEntry, { operation, profile }: CallUnderWay): ScimObject {
  if (operation === "create") return { method: "POST", path: "/Users", data: newUser(entry, profile) };
  const license = profile.license.value;
  const change = toChange(operation, entry);
  // The standard's example has the bare list, and its erratum the message: services take one of them.
  const isList = profile.bulkPatch.value === "array";
  const data = isList ? patchOperations(change, license) : patchMessage(change, license);
  return { method: "PATCH", path: userPath(entry.target), data };
}

/** What became of one operation of a bulk request. */
interface BulkResult {
  status: number;
  /** The error, or the user, if the service shows one. */
  response: ScimObject | undefined;
  /** Of a created user, as far as the service tells it. */
  userId: string | undefined;
}

/**
 * The result of each item; `undefined` for one that the answer leaves out. Returns `undefined` if the answer has no results at all.
 *
 * Services leave out the `bulkId` of everything but a POST: so the user's id, at the end of the location, counts as well. A failure
 * may have neither. Where all such results say the same, and are as many as the users without one, each user has that result.
 */
function readResults(
  entries: readonly CallEntry[],
  operation: ScimOperation,
  body: ScimObject | undefined,
): (BulkResult | undefined)[] | undefined {
  const results = body && attributeOf(body, "Operations");
  if (!Array.isArray(results)) return undefined;
  const byBulkId = new Map<string, BulkResult>();
  const byUserId = new Map<string, BulkResult>();
  const nameless: BulkResult[] = [];
  for (const object of objectsOf(results)) {
    const result = toResult(object);
    if (result === undefined) continue;
    const bulkId = bulkIdOf(object);
    if (bulkId !== undefined) byBulkId.set(bulkId, result);
    else if (result.userId !== undefined && operation !== "create") byUserId.set(result.userId, result);
    else nameless.push(result);
  }
  const named = entries.map(({ target }, index) => {
    const result = byBulkId.get(`${index}`) ?? byUserId.get(target);
    // A result that names another user is not this one's, whatever its bulkId says.
    const isOfAnother = operation !== "create" && result?.userId !== undefined && result.userId !== target;
    return isOfAnother ? undefined : result;
  });
  const missing = named.filter((result) => result === undefined).length;
  const [first] = nameless;
  const areAlike = nameless.length === missing && nameless.every(({ status }) => status === first?.status);
  return areAlike && first !== undefined && !isSuccess(first)
    ? named.map((result) => result ?? first)
    : named;
}

function bulkIdOf(operation: ScimObject): string | undefined {
  const bulkId = attributeOf(operation, "bulkId");
  return typeof bulkId === "number" ? `${bulkId}` : textOf(bulkId);
}

function toResult(operation: ScimObject): BulkResult | undefined {
  const status = statusOf(attributeOf(operation, "status"));
  if (status === undefined) return undefined;
  const response = attributeOf(operation, "response");
  const shown = isScimObject(response) ? response : undefined;
  return {
    status,
    response: shown,
    userId: userIdOf(operation) ?? textOf(shown && attributeOf(shown, "id")),
  };
}

/** A text, a number, or SCIM 1.1's `{"code": "204"}`. */
function statusOf(status: unknown): number | undefined {
  return countOf(isScimObject(status) ? attributeOf(status, "code") : status);
}

/** The last part of the location, or of the path that some services repeat. */
function userIdOf(operation: ScimObject): string | undefined {
  for (const name of ["location", "path"]) {
    const text = textOf(attributeOf(operation, name));
    const last = text?.split(/[?#]/)[0]?.match(/\/Users\/([^/]+)\/?$/i)?.[1];
    if (last !== undefined) return decoded(last);
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The target takes bulk requests and not what is in them. An error about a user is none of those. */
function isRefused(result: BulkResult | undefined): boolean {
  if (result === undefined || isSuccess(result)) return false;
  const { status, response } = result;
  return [400, 403, 405, 415, 500, 501].includes(status) || (status === 404 && !isScimError(response));
}

/** Whoever is shown otherwise by the target's own answer is read again, for themselves. */
async function judge(
  entries: readonly CallEntry[],
  results: readonly (BulkResult | undefined)[],
  answer: ScimAnswer,
  call: CallUnderWay,
): Promise<BulkOutcome> {
  const { operation, client } = call;
  const judged = new Map<string, TargetResult>();
  const claims: BulkClaim[] = [];
  const contradicted: BulkClaim[] = [];
  for (const [index, entry] of entries.entries()) {
    const result = results[index];
    if (result === undefined) judged.set(entry.target, failed(leftOut(client.target)));
    else if (isSuccess(result)) {
      const created = operation === "create" ? result.userId : undefined;
      const userId = operation === "create" ? created : entry.target;
      const claim = { entry, userId, believed: done(answer, created) };
      (contradicts(result, entry, call) ? contradicted : claims).push(claim);
    } else if (result.status === 409 && operation === "create")
      judged.set(entry.target, await asResult(() => adopt(entry, call)));
    else judged.set(entry.target, failed(toFailure(client.target, toAnswer(result))));
  }
  for (const claim of contradicted) judged.set(claim.entry.target, await readClaim(claim, call));
  return { results: judged, claims };
}

/**
 * Decides about all claims of a call together. One of them, drawn at random, is read again: if nothing was done, or nobody can tell, it
 * counts as done for none. Where the target has been found to do nothing for somebody else, only who was read again counts.
 */
export async function proveClaims(
  claims: readonly BulkClaim[],
  call: CallUnderWay,
): Promise<Map<string, TargetResult>> {
  const sample = claims[call.trust.choose(claims.length)];
  const proof = sample && (await readClaim(sample, call));
  const refuted = proof?.kind === "failed" ? proof : undefined;
  const { client, trust } = call;
  const unread = refuted ?? (trust.isTrusted() ? undefined : failed(notApplied(client.target, othersStand)));
  return new Map(
    claims.map((claim) => [claim.entry.target, (claim === sample ? refuted : unread) ?? claim.believed]),
  );
}

const othersStand = "another user stands as before, so that nobody is believed who was not read again";

/** Whether the user that an answer shows is not as the change would have made it. */
function contradicts(
  { response }: BulkResult,
  entry: CallEntry,
  { operation, profile }: CallUnderWay,
): boolean {
  if (operation === "create") return false;
  const shown = toScimUser(response, profile.license.value);
  return shown !== undefined && isAs(shown, toChange(operation, entry)) === false;
}

/** What cannot be read now is not proven: it comes again. */
async function asResult(work: () => Promise<TargetResult>): Promise<TargetResult> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DirectoryError) return failed(error.failure);
    throw error;
  }
}

/** Reads a user again, or whoever has the address of a new one. */
function readClaim({ entry, userId, believed }: BulkClaim, call: CallUnderWay): Promise<TargetResult> {
  return asResult(async () => {
    if (userId === undefined) return adopt(entry, call);
    const wanted = call.operation === "create" ? letIn : toChange(call.operation, entry);
    const failure = await readBack(userId, wanted, call);
    return failure === undefined ? believed : failed(failure);
  });
}

function leftOut(target: string): Failure {
  const message = `the answer of ${target} to a bulk request does not say what became of the user`;
  return { class: "unknown", code: "NoResult", message };
}

function toAnswer({ status, response }: BulkResult): ScimAnswer {
  return { status, body: response, requestId: undefined, retryAfterSeconds: undefined, repeated: false };
}
