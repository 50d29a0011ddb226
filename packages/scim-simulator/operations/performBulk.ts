import { z } from "zod";
import type { TenantBehavior } from "../tenants/tenantBehavior.ts";
import {
  type Answer,
  isRefusal,
  type OperationResult,
  type Refusal,
  refuse,
  toErrorBody,
} from "./answers.ts";
import { changeUser, type OperationContext, sentName, type UserChangeRequest } from "./userChanges.ts";

const requestSchema = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const responseSchema = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
const patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

const bulkRequest = z.object({
  schemas: z.tuple([z.literal(requestSchema)]),
  failOnErrors: z.number().int().positive().optional(),
  Operations: z.array(z.unknown()).min(1),
});

const bulkOperation = z.object({
  method: z
    .string()
    .toUpperCase()
    .pipe(z.enum(["POST", "PUT", "PATCH", "DELETE"])),
  path: z.string(),
  bulkId: z.string().optional(),
  data: z.unknown().optional(),
});
type BulkOperation = z.infer<typeof bulkOperation>;

/** Carries out the operations of a bulk one after the other, as RFC 7644, section 3.7, says. */
export async function performBulk(
  body: unknown,
  bodyBytes: number,
  context: OperationContext,
): Promise<Answer> {
  const { bulk } = context.record.behavior;
  if (bodyBytes > bulk.maximumPayloadBytes) {
    return refuse(413, `The size of the bulk exceeds the maxPayloadSize (${bulk.maximumPayloadBytes}).`);
  }
  const parsed = bulkRequest.safeParse(body);
  if (!parsed.success) return refuse(400, z.prettifyError(parsed.error), "invalidSyntax");
  const { Operations: operations, failOnErrors = Number.POSITIVE_INFINITY } = parsed.data;
  if (operations.length > bulk.maximumOperations) {
    return refuse(413, `The number of operations exceeds the maxOperations (${bulk.maximumOperations}).`);
  }
  const results: object[] = [];
  const logged: OperationResult[] = [];
  let failures = 0;
  for (const operation of operations) {
    if (failures >= failOnErrors) break;
    const result = await performOperation(operation, context);
    // The fault of the user leaves the operation out of the answer.
    if (result === undefined) continue;
    if (isRefusal(result.answer)) failures += 1;
    results.push(toResult(result, bulk));
    logged.push({ sent: result.sent, status: result.answer.status });
  }
  if (bulk.results === "reversed") results.reverse();
  return {
    kind: "answered",
    status: 200,
    body: { schemas: [responseSchema], Operations: results },
    results: logged,
  };
}

/** The users that a bulk is about. A malformed request is logged too, so the body may have any shape. */
export function bulkUsers(body: unknown): { sent: string; method: string }[] {
  const parsed = bulkRequest.safeParse(body);
  return (parsed.data?.Operations ?? []).flatMap((operation) => {
    const { data } = bulkOperation.safeParse(operation);
    const request = data === undefined ? undefined : toChangeRequest(data);
    if (request === undefined || isRefusal(request)) return [];
    return { sent: sentName(request), method: request.method };
  });
}

interface Performed {
  operation: Partial<BulkOperation>;
  sent: string;
  answer: Answer;
}

async function performOperation(
  operation: unknown,
  context: OperationContext,
): Promise<Performed | undefined> {
  const parsed = bulkOperation.safeParse(operation);
  if (!parsed.success) {
    const answer = refuse(400, z.prettifyError(parsed.error), "invalidSyntax");
    return { operation: {}, sent: "", answer };
  }
  const request = toChangeRequest(parsed.data);
  if (isRefusal(request)) return { operation: parsed.data, sent: "", answer: request };
  const sent = sentName(request);
  const answer = await answerOperation(request, context);
  return answer === undefined ? undefined : { operation: parsed.data, sent, answer };
}

function toChangeRequest({ method, path, bulkId, data }: BulkOperation): UserChangeRequest | Refusal {
  const [, resource, id, ...others] = path.split("/");
  if (!path.startsWith("/") || resource !== "Users" || others.length > 0) {
    return refuse(400, `Expected a path such as /Users/2819c223, got ${path}.`, "invalidValue");
  }
  if (method === "POST") {
    if (bulkId === undefined) return refuse(400, "A POST needs a bulkId.", "invalidSyntax");
    return id === undefined ? { method, body: data } : refuse(404, "A POST names no user.");
  }
  const userId = decode(id);
  return userId === undefined ? refuse(404, `${method} names one user.`) : { method, userId, body: data };
}

function decode(segment: string | undefined): string | undefined {
  if (segment === undefined || segment === "") return undefined;
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

async function answerOperation(
  request: UserChangeRequest,
  context: OperationContext,
): Promise<Answer | undefined> {
  const { bulk } = context.record.behavior;
  if (!bulk.methods.includes(request.method)) {
    return refuse(bulk.missingMethodStatus, `${request.method} is not supported in a bulk.`);
  }
  if (request.method !== "PATCH") return await changeUser(request, context);
  const message = readPatchData(request.body, bulk);
  if (message !== undefined) return await changeUser({ ...request, body: message }, context);
  return bulk.otherPatchData === "ignored"
    ? { kind: "answered", status: 200 }
    : refuse(400, "The data of the PATCH has not the expected shape.", "invalidSyntax");
}

/** Reads the PatchOp message in the shape that the service knows. RFC 7644's erratum 5050 is about the other one. */
function readPatchData(data: unknown, { patchData }: TenantBehavior["bulk"]): unknown {
  if (Array.isArray(data)) {
    return patchData === "message" ? undefined : { schemas: [patchSchema], Operations: data };
  }
  return patchData === "operations" ? undefined : data;
}

function toResult({ operation, answer }: Performed, bulk: TenantBehavior["bulk"]): object {
  const { method, bulkId } = operation;
  const showsBulkId =
    bulkId !== undefined && (bulk.bulkIds === "all" || (bulk.bulkIds === "created" && method === "POST"));
  const location = answer.kind === "answered" ? answer.location : undefined;
  return {
    ...(method === undefined ? {} : { method }),
    ...(showsBulkId ? { bulkId } : {}),
    ...(location === undefined ? {} : { location }),
    status: toStatus(answer.status, bulk.statusAs),
    ...(isRefusal(answer) ? { response: toErrorBody(answer) } : {}),
  };
}

function toStatus(status: number, form: TenantBehavior["bulk"]["statusAs"]): string | number | object {
  switch (form) {
    case "text":
      return String(status);
    case "number":
      return status;
    case "code":
      return { code: String(status) };
  }
}
