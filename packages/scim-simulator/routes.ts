import type { OperationName } from "./scimCallLog.ts";
import type { TenantRecord } from "./tenants/tenantState.ts";

/** What a request is about, by its method and URL. */
export interface Route {
  operation: OperationName;
  /** Absent for a URL under no tenant's base path. */
  tenant?: TenantRecord;
  /** Below the base path. */
  path: string;
  query: Readonly<Record<string, string>>;
  /** The id in the path, decoded. */
  userId?: string;
}

const onUser: Readonly<Record<string, OperationName>> = {
  GET: "read",
  PUT: "replace",
  PATCH: "patch",
  DELETE: "delete",
};
const onUsers: Readonly<Record<string, OperationName>> = { GET: "list", POST: "create" };
const discovery = ["/ServiceProviderConfig", "/ServiceProviderConfigs", "/ResourceTypes", "/Schemas"];

export function findRoute(method: string, url: string, tenants: readonly TenantRecord[]): Route {
  const [pathname = "", search = ""] = url.split("?", 2);
  const tenant = tenants.find(({ basePath }) => pathname === basePath || pathname.startsWith(`${basePath}/`));
  // A space may come as `+`: whoever means a plus must encode it.
  const query = Object.fromEntries(new URLSearchParams(search));
  if (tenant === undefined) return { operation: "unknown", path: pathname, query };
  const path = pathname.slice(tenant.basePath.length);
  return { tenant, path, query, ...findOperation(method, path) };
}

function findOperation(method: string, path: string): Pick<Route, "operation" | "userId"> {
  if (path === "/Users") return { operation: onUsers[method] ?? "unknown" };
  if (path === "/Bulk") return { operation: method === "POST" ? "bulk" : "unknown" };
  if (path === "/oauth/token") return { operation: method === "POST" ? "token" : "unknown" };
  if (discovery.includes(path)) return { operation: method === "GET" ? "discover" : "unknown" };
  const segment = /^\/Users\/([^/]+)$/.exec(path)?.[1];
  const userId = segment === undefined ? undefined : decode(segment);
  return userId === undefined ? { operation: "unknown" } : { operation: onUser[method] ?? "unknown", userId };
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
