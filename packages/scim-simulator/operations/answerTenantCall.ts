import { type Fault, htmlNotFound } from "../faults/scriptedScimFault.ts";
import type { Route } from "../routes.ts";
import type { TenantRecord } from "../tenants/tenantState.ts";
import { type Answer, refuse } from "./answers.ts";
import { issueToken } from "./issueToken.ts";
import { listUsers } from "./listUsers.ts";
import { performBulk } from "./performBulk.ts";
import { discover } from "./serveDiscovery.ts";
import { changeUser, type OperationContext, readUser } from "./userChanges.ts";

/** A request whose body has been read. */
export interface Request {
  route: Route;
  body: RequestBody;
  contentType: string | undefined;
  /** Whether it carried the tenant's token. */
  authorized: boolean;
  /** The header. It is in no log. */
  authorization: string;
  /** The server's URL, without a path. */
  serverUrl: string;
}

/** The body of a request: JSON text, nothing, or something that cannot be used. */
export type RequestBody =
  | { kind: "none" }
  | { kind: "json"; value: unknown; bytes: number }
  | { kind: "form"; value: Readonly<Record<string, string>> }
  | { kind: "malformed"; detail: string };

/** Carries out a call with the fault that the plan chose for it. It changes the tenant's users. */
export async function answerCall(
  request: Request,
  fault: Fault,
  { at, sequence, requestId }: { at: number; sequence: number; requestId: string },
): Promise<Answer> {
  const { route, body, contentType, authorized } = request;
  const { tenant } = route;
  if (tenant === undefined) return missingRoute("html");
  if (route.operation === "token") {
    const form = body.kind === "form" ? body.value : {};
    return issueToken(tenant, { form, authorization: request.authorization, at });
  }
  const needsToken = route.operation !== "discover" || tenant.behavior.discovery.needsToken;
  if (needsToken && !authorized) return refuse(401, "The token is missing or not valid.");
  if (body.kind === "malformed") return refuse(400, body.detail, "invalidSyntax");
  if (body.kind === "json" && !/\bjson\b|\+json\b/i.test(contentType ?? "")) {
    return refuse(415, "Expected the media type application/scim+json.");
  }
  const userFaults = fault.users ?? [];
  const context: OperationContext = {
    record: tenant,
    tenantUrl: `${request.serverUrl}${tenant.basePath}`,
    at,
    sequence,
    requestId,
    userFault: (sent) => userFaults.find((scripted) => scripted.sent === sent),
  };
  return await answerTenant(request, tenant, context);
}

async function answerTenant(
  { route, body }: Request,
  tenant: TenantRecord,
  context: OperationContext,
): Promise<Answer> {
  const { operation, userId = "", path, query } = route;
  const value = body.kind === "json" ? body.value : undefined;
  const unknownRoute = () => missingRoute(tenant.behavior.errors.unknownRoute);
  // A user whom a fault leaves out of a bulk has no other answer in a call of its own.
  const leftOut: Answer = { kind: "answered", status: 204 };
  switch (operation) {
    case "discover":
      return discover(path, tenant, context.tenantUrl) ?? unknownRoute();
    case "list":
      return listUsers(query, context);
    case "read":
      return readUser(userId, context);
    case "create":
      return (await changeUser({ method: "POST", body: value }, context)) ?? leftOut;
    case "replace":
      return (await changeUser({ method: "PUT", userId, body: value }, context)) ?? leftOut;
    case "patch":
      return (await changeUser({ method: "PATCH", userId, body: value }, context)) ?? leftOut;
    case "delete":
      return (await changeUser({ method: "DELETE", userId, body: value }, context)) ?? leftOut;
    case "bulk": {
      const { supported, unsupportedStatus } = tenant.behavior.bulk;
      if (supported) return await performBulk(value, body.kind === "json" ? body.bytes : 0, context);
      return unsupportedStatus === 404 ? unknownRoute() : refuse(501, "Bulk is not supported.");
    }
    case "token":
    case "unknown":
      return unknownRoute();
  }
}

function missingRoute(form: "scim" | "html"): Answer {
  if (form === "scim") return refuse(404, "There is no such endpoint.");
  return { kind: "text", status: 404, text: htmlNotFound, contentType: "text/html; charset=utf-8" };
}
