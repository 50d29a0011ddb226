import { type ScimSimulator, type ScimSimulatorOptions, startScimSimulator } from "@rollcall/scim-simulator";
import { onTestFinished } from "vitest";
import { z } from "zod";
import type { PopulatedTenant } from "../../../packages/scim-simulator/tenants/seedTenants.ts";

/** A clock that stands, so that timestamps can be compared. */
export const noon = Date.parse("2026-01-15T12:00:00.000Z");

export const tenant = "/acme/scim/v2";
export const token = "acme-token";

/** Ada and Grace are active, Alan is suspended. */
const people: NonNullable<PopulatedTenant["people"]> = [
  { id: "ada", userName: "Ada@acme.example", externalId: "P-1", displayName: "Ada Lovelace" },
  { id: "grace", userName: "grace@acme.example", externalId: "P-2" },
  { id: "alan", userName: "alan@acme.example", externalId: "P-3", active: false },
];

interface Response {
  status: number;
  contentType: string | null;
  headers: Headers;
  /** The parsed body; the text of one that is no JSON. */
  body: unknown;
}

export interface TestScim {
  scim: ScimSimulator;
  /** Calls the tenant `acme`. A body is sent as SCIM's media type. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  bulk(operations: readonly object[]): Promise<{ status: number; operations: z.infer<typeof bulkResults> }>;
}

const bulkResults = z.array(
  z.looseObject({ status: z.unknown(), response: z.looseObject({ detail: z.string() }).optional() }),
);

/** A simulator with one tenant, changed as the test needs it. It ends with the test. */
export async function startTestScim(
  change: Partial<PopulatedTenant> = {},
  options: Partial<ScimSimulatorOptions> = {},
): Promise<TestScim> {
  const acme: PopulatedTenant = { basePath: tenant, token, people, ...change };
  const scim = await startScimSimulator({ tenants: [acme], now: () => noon, ...options });
  onTestFinished(() => scim.close());
  const call: TestScim["call"] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${scim.url}${tenant}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json", ...headers },
      redirect: "manual",
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return {
      status: response.status,
      contentType: response.headers.get("content-type"),
      headers: response.headers,
      body: parse(await response.text()),
    };
  };
  return {
    scim,
    call,
    bulk: async (operations) => {
      const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
      const { status, body } = await call("POST", "/Bulk", { schemas, Operations: operations });
      const parsed = z.looseObject({ Operations: bulkResults.optional() }).parse(body);
      return { status, operations: parsed.Operations ?? [] };
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function patchOf(...operations: readonly object[]): object {
  return { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: operations };
}

export const suspend = patchOf({ op: "replace", path: "active", value: false });
export const reinstate = patchOf({ op: "replace", path: "active", value: true });
