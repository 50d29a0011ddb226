import { Schemas } from "scimmy";
import type { TenantRecord } from "../tenants/tenantState.ts";
import { type Answer, refuse } from "./answers.ts";

/** Answers for one of the three discovery endpoints; `undefined` if the tenant has none of that name. */
export function discover(path: string, record: TenantRecord, tenantUrl: string): Answer | undefined {
  switch (path) {
    case "/ServiceProviderConfig":
    case "/ServiceProviderConfigs":
      return serviceProviderConfig(path, record);
    case "/ResourceTypes":
      return listOf([resourceType(record, tenantUrl)]);
    case "/Schemas":
      return listOf(record.schema.ids.map((id) => ({ id, name: "User", attributes: [] })));
    default:
      return undefined;
  }
}

const garbage: Answer = {
  kind: "text",
  status: 200,
  text: "<ServiceProviderConfig/>",
  contentType: "application/scim+json",
};

/** As RFC 7643, section 5, and RFC 9865, section 4, have it. */
function serviceProviderConfig(path: string, record: TenantRecord): Answer | undefined {
  const { discovery, bulk, pages } = record.behavior;
  const isPlural = path.endsWith("s");
  switch (discovery.serviceProviderConfig) {
    case "missing":
      return undefined;
    case "forbidden":
      return refuse(403, "Discovery is not allowed.");
    case "garbage":
      return isPlural ? undefined : garbage;
    case "plural":
      if (!isPlural) return undefined;
      break;
    case "standard":
      if (isPlural) return undefined;
  }
  const announced = bulk.announced === "truthful" ? bulk.supported : bulk.announced;
  const maximum = bulk.announcedOperations === "truthful" ? bulk.maximumOperations : bulk.announcedOperations;
  const body = {
    schemas: [Schemas.ServiceProviderConfig.id],
    patch: { supported: record.behavior.users.methods.includes("PATCH") },
    bulk: { supported: announced, maxOperations: maximum, maxPayloadSize: bulk.maximumPayloadBytes },
    filter: { supported: !record.behavior.filters.ignored, maxResults: pages.maximumCount },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: false },
    ...(pages.kind === "none"
      ? {}
      : {
          pagination: {
            cursor: pages.kind !== "index",
            index: pages.kind !== "cursor",
            defaultPaginationMethod: pages.kind === "cursor" ? "cursor" : "index",
            defaultPageSize: pages.defaultCount,
            maxPageSize: pages.maximumCount,
          },
        }),
    authenticationSchemes: [{ type: "oauthbearertoken", name: "Bearer", description: "A bearer token." }],
  };
  return { kind: "answered", status: 200, body };
}

function resourceType({ schema }: TenantRecord, tenantUrl: string): object {
  const [core, ...extensions] = schema.ids;
  return {
    schemas: [Schemas.ResourceType.id],
    id: "User",
    name: "User",
    endpoint: "/Users",
    schema: core,
    schemaExtensions: extensions.map((id) => ({ schema: id, required: false })),
    meta: { resourceType: "ResourceType", location: `${tenantUrl}/ResourceTypes/User` },
  };
}

function listOf(resources: readonly object[]): Answer {
  return {
    kind: "answered",
    status: 200,
    body: {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults: resources.length,
      Resources: resources,
    },
  };
}
