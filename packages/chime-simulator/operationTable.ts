import type { AccountType } from "./chimeApi.ts";

/** One operation: its HTTP request and the rules for it. */
export interface OperationRow {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** `{AccountId}` and `{UserId}` are the path's labels. */
  path: string;
  /** The value of the query parameter `operation`, which tells operations on one path apart. */
  action?: string;
  /** Query parameter -> input member. */
  query?: Readonly<Record<string, string>>;
  successStatus: 200 | 201 | 204;
  /** The account types that may use it. Absent: all. */
  accountTypes?: readonly AccountType[];
  /**
   * Set if the operation is refused while the account is `Suspended`. Operations that read or delete an account are
   * not.
   */
  needsActiveAccount?: true;
}

const account = "/accounts/{AccountId}";
const users = `${account}/users`;
const user = `${users}/{UserId}`;
const settings = `${account}/settings`;
const page = { "max-results": "MaxResults", "next-token": "NextToken" };
/** The account types whose users Chime manages itself. The other two leave that to the customer's directory. */
const selfManaged: readonly AccountType[] = ["Team", "EnterpriseLWA"];

/**
 * The table of the sixteen operations of user administration. The router, the checks and the tests follow it.
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_Operations_Amazon_Chime.html
 */
export const operationTable = {
  BatchSuspendUser: {
    method: "POST",
    path: users,
    action: "suspend",
    successStatus: 200,
    accountTypes: selfManaged,
    needsActiveAccount: true,
  },
  BatchUnsuspendUser: {
    method: "POST",
    path: users,
    action: "unsuspend",
    successStatus: 200,
    accountTypes: ["EnterpriseLWA"],
    needsActiveAccount: true,
  },
  BatchUpdateUser: {
    method: "POST",
    path: users,
    successStatus: 200,
    accountTypes: selfManaged,
    needsActiveAccount: true,
  },
  InviteUsers: {
    method: "POST",
    path: users,
    action: "add",
    successStatus: 201,
    accountTypes: ["Team"],
    needsActiveAccount: true,
  },
  ListUsers: {
    method: "GET",
    path: users,
    query: { ...page, "user-email": "UserEmail", "user-type": "UserType" },
    successStatus: 200,
    needsActiveAccount: true,
  },
  GetUser: { method: "GET", path: user, successStatus: 200, needsActiveAccount: true },
  UpdateUser: {
    method: "POST",
    path: user,
    successStatus: 200,
    accountTypes: selfManaged,
    needsActiveAccount: true,
  },
  LogoutUser: { method: "POST", path: user, action: "logout", successStatus: 204, needsActiveAccount: true },
  ResetPersonalPIN: {
    method: "POST",
    path: user,
    action: "reset-personal-pin",
    successStatus: 200,
    needsActiveAccount: true,
  },
  ListAccounts: {
    method: "GET",
    path: "/accounts",
    query: { ...page, name: "Name", "user-email": "UserEmail" },
    successStatus: 200,
  },
  GetAccount: { method: "GET", path: account, successStatus: 200 },
  CreateAccount: { method: "POST", path: "/accounts", successStatus: 201 },
  UpdateAccount: { method: "POST", path: account, successStatus: 200, needsActiveAccount: true },
  DeleteAccount: { method: "DELETE", path: account, successStatus: 204 },
  GetAccountSettings: { method: "GET", path: settings, successStatus: 200 },
  UpdateAccountSettings: { method: "PUT", path: settings, successStatus: 204, needsActiveAccount: true },
} as const satisfies Record<string, OperationRow>;

export type OperationName = keyof typeof operationTable;
export const operationNames = Object.keys(operationTable) as OperationName[];

/** Returns the row with its optional fields, which the literal types of the table hide. */
export function operationRow(name: OperationName): OperationRow {
  return operationTable[name];
}

/** The operation that a request names, or why there is none. */
export type Route =
  | { kind: "found"; operation: OperationName; labels: Labels; query: Record<string, string> }
  | { kind: "none"; exception: "BadRequestException" | "UnknownOperationException"; message: string };

export interface Labels {
  AccountId?: string;
  UserId?: string;
}

const patterns = operationNames.map((name) => {
  const { method, path, action } = operationRow(name);
  return { name, method, action, segments: path.split("/") };
});

/**
 * Finds the operation of a request. `target` is the raw path and query: a URL parser would fold `..` and confuse `/`
 * with `%2F`, and an account's or user's id may hold either.
 */
export function findRoute(method: string, target: string): Route {
  const [path = "", search = ""] = target.split("?", 2);
  const query = Object.fromEntries(new URLSearchParams(search));
  const segments = decodeSegments(path);
  if (segments === undefined) {
    return {
      kind: "none",
      exception: "BadRequestException",
      message: `Expected a percent-encoded path, got ${path}.`,
    };
  }
  const pattern = patterns.find(
    (candidate) =>
      candidate.method === method &&
      candidate.action === query.operation &&
      fits(candidate.segments, segments),
  );
  if (pattern === undefined) {
    const message = `Expected one of the operations [${operationNames.join(", ")}], got ${method} ${target}.`;
    return { kind: "none", exception: "UnknownOperationException", message };
  }
  return {
    kind: "found",
    operation: pattern.name,
    labels: readLabels(pattern.segments, segments),
    query,
  };
}

function decodeSegments(path: string): string[] | undefined {
  try {
    return path.split("/").map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, place) => part.startsWith("{") || part === segments[place])
  );
}

function readLabels(pattern: readonly string[], segments: readonly string[]): Labels {
  const labels: Labels = {};
  for (const [place, part] of pattern.entries()) {
    const value = segments[place];
    if (value === undefined) continue;
    if (part === "{AccountId}") labels.AccountId = value;
    if (part === "{UserId}") labels.UserId = value;
  }
  return labels;
}
