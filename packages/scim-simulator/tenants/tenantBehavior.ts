/**
 * How a service provider behaves. The defaults follow RFC 7643 and RFC 7644; every other value is a deviation that was
 * met in a real service or implementation.
 */
export interface TenantBehavior {
  discovery: DiscoveryBehavior;
  bulk: BulkBehavior;
  pages: PageBehavior;
  filters: FilterBehavior;
  errors: ErrorBehavior;
  users: UserBehavior;
}

/** A change of some fields, in some of the parts. */
export type BehaviorChange = { [Part in keyof TenantBehavior]?: Partial<TenantBehavior[Part]> | undefined };

interface DiscoveryBehavior {
  /** `plural`: at `/ServiceProviderConfigs`, as in SCIM 1.1. `garbage`: 200 and a text that is no JSON. */
  serviceProviderConfig: "standard" | "plural" | "missing" | "forbidden" | "garbage";
  /** Whether discovery needs the token too. */
  needsToken: boolean;
}

export type BulkMethod = "POST" | "PUT" | "PATCH" | "DELETE";

interface BulkBehavior {
  supported: boolean;
  /** What ServiceProviderConfig says; `truthful` follows `supported`. */
  announced: "truthful" | boolean;
  /** The operations that a bulk may carry; more are answered with 413. */
  maximumOperations: number;
  /** The limit that ServiceProviderConfig tells. Default: `maximumOperations`. */
  announcedOperations: "truthful" | number;
  maximumPayloadBytes: number;
  /** The status of the endpoint where there is no bulk. */
  unsupportedStatus: 404 | 501;
  /** The methods that a bulk may contain; another one fails its operation alone. */
  methods: readonly BulkMethod[];
  /** The status of an operation with another method. */
  missingMethodStatus: number;
  /** The shape of a PATCH's `data`: the whole PatchOp message, the bare list of its operations, or both. */
  patchData: "message" | "operations" | "either";
  /** What becomes of the other shape: 400 for its operation, or success without a change. */
  otherPatchData: "refused" | "ignored";
  /** The form of an operation's `status`: "204", 204, or `{"code":"204"}` as in SCIM 1.1. */
  statusAs: "text" | "number" | "code";
  /** Which operations get their `bulkId` back. */
  bulkIds: "all" | "created" | "none";
  /** The order of the results. */
  results: "inOrder" | "reversed";
}

interface PageBehavior {
  /** `none`: the whole list at once, whatever is asked. Cursors are those of RFC 9865. */
  kind: "index" | "cursor" | "both" | "none";
  /** The page size where the client asks for none. */
  defaultCount: number;
  /** A larger `count` is clamped to this. */
  maximumCount: number;
  /** The answer to a `startIndex` beyond the end. */
  beyondEnd: "empty" | "firstPage";
  /** How many users of the page before every page but the first repeats. */
  overlap: number;
  /** What `itemsPerPage` tells: how many came, or how many were asked for. */
  itemsPerPage: "returned" | "asked";
  /** The number of the first user. 1 by RFC 7644; some services count from 0. */
  firstIndex: 0 | 1;
}

interface FilterBehavior {
  /** The attributes that may stand in a filter, such as `userName` and `emails.value`. */
  attributes: "any" | readonly string[];
  operators: "any" | readonly string[];
  /** The answer to a filter that is not supported. */
  unsupported: "invalidFilter" | "emptyList";
  /** Compares addresses and user names by exact case. */
  caseSensitive: boolean;
  /** Lists everybody, whatever the filter. */
  ignored: boolean;
  /** `prefix`: `eq` finds whoever's value begins so. */
  equality: "exact" | "prefix";
  /** Lists every hit twice. */
  duplicateHits: boolean;
}

interface ErrorBehavior {
  /** The body of an error: SCIM's, none, plain text, inside another object, or with a numeric `status`. */
  form: "scim" | "empty" | "text" | "wrapped" | "numericStatus";
  /** Whether a 409 says `"scimType":"uniqueness"`. */
  conflictType: boolean;
  /** The status for an id that nobody has. */
  unknownUserStatus: 404 | 500;
  /** The body of the 404 of a missing route. */
  unknownRoute: "scim" | "html";
}

interface UserBehavior {
  /** The methods for a single user that exist; another one is answered with 501. */
  methods: readonly BulkMethod[];
  /** What `active:false` does. */
  suspension: "reversible" | "deletes";
  /** What is answered to a PATCH that was carried out. `stale`: the user as before. */
  patchAnswer: "resource" | "noContent" | "emptyObject" | "stale";
  /** A path that the schema does not know: 400, or success without a change. */
  unknownPaths: "refused" | "ignored";
  /** How answers show `active`: as a boolean, as "True" and "False", or not at all. */
  activeAs: "boolean" | "text" | "absent";
  /** Whether somebody is active who is created without `active`. */
  activeByDefault: boolean;
  /** What must be unique among the tenant's users. */
  uniqueness: "userName" | "userNameAndEmail";
  /** `localPart`: the part of a new user's address before the @, whatever was sent. */
  userNames: "asSent" | "localPart";
  /** What becomes of the name and the addresses of a suspended user. They come back with a reinstatement. */
  suspendedNames: "kept" | "hashed";
  /** The attributes that a suspension removes, such as a license. */
  removedOnSuspension: readonly string[];
  /** The attributes that a list leaves out, and a single user's answer has. */
  listOmits: readonly string[];
  /** The `Content-Type` of every answer with a body. */
  contentType: string | "none";
}

const allMethods: readonly BulkMethod[] = ["POST", "PUT", "PATCH", "DELETE"];

export const standardBehavior: TenantBehavior = {
  discovery: { serviceProviderConfig: "standard", needsToken: true },
  bulk: {
    supported: true,
    announced: "truthful",
    maximumOperations: 1000,
    announcedOperations: "truthful",
    maximumPayloadBytes: 1_048_576,
    unsupportedStatus: 501,
    methods: allMethods,
    missingMethodStatus: 501,
    patchData: "message",
    otherPatchData: "refused",
    statusAs: "text",
    bulkIds: "all",
    results: "inOrder",
  },
  pages: {
    kind: "index",
    defaultCount: 100,
    maximumCount: 200,
    beyondEnd: "empty",
    overlap: 0,
    itemsPerPage: "returned",
    firstIndex: 1,
  },
  filters: {
    attributes: "any",
    operators: "any",
    unsupported: "invalidFilter",
    caseSensitive: false,
    ignored: false,
    equality: "exact",
    duplicateHits: false,
  },
  errors: { form: "scim", conflictType: true, unknownUserStatus: 404, unknownRoute: "scim" },
  users: {
    methods: allMethods,
    suspension: "reversible",
    patchAnswer: "resource",
    unknownPaths: "refused",
    activeAs: "boolean",
    activeByDefault: true,
    uniqueness: "userName",
    userNames: "asSent",
    suspendedNames: "kept",
    removedOnSuspension: [],
    listOmits: [],
    contentType: "application/scim+json",
  },
};

export function changeBehavior(behavior: TenantBehavior, change: BehaviorChange): TenantBehavior {
  return {
    discovery: { ...behavior.discovery, ...change.discovery },
    bulk: { ...behavior.bulk, ...change.bulk },
    pages: { ...behavior.pages, ...change.pages },
    filters: { ...behavior.filters, ...change.filters },
    errors: { ...behavior.errors, ...change.errors },
    users: { ...behavior.users, ...change.users },
  };
}
