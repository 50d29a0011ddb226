import { describe, expect, it } from "vitest";
import type { BehaviorChange } from "../../../../packages/scim-simulator/tenants/tenantBehavior.ts";
import { reinstate, startTestScim, suspend, tenant } from "../testScim.ts";

const operations = [{ op: "replace", path: "active", value: false }];
const suspendAda = { method: "PATCH", path: "/Users/ada", bulkId: "1", data: suspend };
const suspendGrace = { method: "PATCH", path: "/Users/grace", bulkId: "2", data: suspend };
const newcomer = {
  method: "POST",
  path: "/Users",
  bulkId: "new",
  data: { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName: "new@acme.example" },
};

async function startWith(bulk: BehaviorChange["bulk"]) {
  const test = await startTestScim({ behavior: { bulk: { ...bulk } } });
  const isActive = (name: string) => test.scim.directory.user(tenant, name)?.attributes.active;
  return { ...test, isActive };
}

describe("a bulk", () => {
  it("answers 200 and a result for each operation, whatever became of it", async () => {
    const { scim, bulk, isActive } = await startWith({});
    const unknown = { method: "PATCH", path: "/Users/nobody", bulkId: "3", data: suspend };
    const leave = { method: "DELETE", path: "/Users/alan" };
    const { status, operations: results } = await bulk([suspendAda, newcomer, unknown, leave]);
    const url = `${scim.url}${tenant}/Users`;
    const id = scim.directory.user(tenant, "new@acme.example")?.id;
    expect({ status, results }).toEqual({
      status: 200,
      results: [
        { method: "PATCH", bulkId: "1", location: `${url}/ada`, status: "200" },
        { method: "POST", bulkId: "new", location: `${url}/${id}`, status: "201" },
        {
          method: "PATCH",
          bulkId: "3",
          status: "404",
          response: {
            schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
            status: "404",
            detail: "Resource nobody not found",
          },
        },
        { method: "DELETE", status: "204" },
      ],
    });
    expect([isActive("ada"), scim.directory.user(tenant, "alan")]).toEqual([false, undefined]);
    expect(scim.calls.list()).toMatchObject([
      {
        operation: "bulk",
        tookEffect: true,
        results: [{ sent: "ada", status: 200 }, {}, { status: 404 }, {}],
      },
    ]);
  });

  it("carries out the same user twice, in order", async () => {
    const { bulk, isActive } = await startWith({});
    await bulk([suspendAda, { ...suspendAda, bulkId: "2", data: reinstate }]);
    expect(isActive("ada")).toBe(true);
  });

  it("decodes the id in a path", async () => {
    const { bulk, isActive } = await startWith({});
    await bulk([{ ...suspendAda, path: "/Users/%61da" }]);
    expect(isActive("ada")).toBe(false);
  });

  it("stops after as many failures as failOnErrors says", async () => {
    const { call, isActive } = await startWith({});
    const nobody = { ...suspendAda, path: "/Users/nobody" };
    const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
    const { body } = await call("POST", "/Bulk", {
      schemas,
      failOnErrors: 1,
      Operations: [nobody, suspendAda],
    });
    expect([Object(body).Operations.length, isActive("ada")]).toEqual([1, true]);
  });

  it.each([
    ["the base path in front", { ...suspendAda, path: `${tenant}/Users/ada` }, "400"],
    ["a POST without bulkId", { ...newcomer, bulkId: undefined }, "400"],
    ["a POST to somebody", { ...newcomer, path: "/Users/ada" }, "404"],
    ["a PATCH of nobody", { ...suspendAda, path: "/Users" }, "404"],
    ["an unknown method", { ...suspendAda, method: "GET" }, "400"],
    ["the bare operations in a PATCH", { ...suspendAda, data: operations }, "400"],
  ])("fails the operation with %s alone", async (_, operation, status) => {
    const { bulk, isActive } = await startWith({});
    const { operations: results } = await bulk([operation, suspendGrace]);
    expect(results).toMatchObject([{ status }, { status: "200" }]);
    expect([isActive("ada"), isActive("grace")]).toEqual([true, false]);
  });

  it.each<[string, BehaviorChange["bulk"], object, string, boolean]>([
    ["takes the bare operations", { patchData: "operations" }, { data: operations }, "200", false],
    ["takes either shape: operations", { patchData: "either" }, { data: operations }, "200", false],
    ["takes either shape: the message", { patchData: "either" }, {}, "200", false],
    ["refuses the message", { patchData: "operations" }, {}, "400", true],
    [
      "says 200 to the message and does nothing",
      { patchData: "operations", otherPatchData: "ignored" },
      {},
      "200",
      true,
    ],
    ["has no PATCH in it", { methods: ["POST", "DELETE"] }, {}, "501", true],
    ["answers its missing PATCH with 405", { methods: ["POST"], missingMethodStatus: 405 }, {}, "405", true],
  ])("%s where the tenant does", async (_, change, data, status, isStillActive) => {
    const { bulk, isActive } = await startWith(change);
    const { operations: results } = await bulk([{ ...suspendAda, ...data }]);
    expect([results[0]?.status, isActive("ada")]).toEqual([status, isStillActive]);
  });

  it.each<[string, BehaviorChange["bulk"], unknown[]]>([
    ["text", {}, ["200", "201"]],
    ["in SCIM 1.1's form", { statusAs: "code" }, [{ code: "200" }, { code: "201" }]],
    ["a number", { statusAs: "number" }, [200, 201]],
  ])("gives the status as the tenant does: %s", async (_, change, statuses) => {
    const { bulk } = await startWith(change);
    expect((await bulk([suspendAda, newcomer])).operations.map(({ status }) => status)).toEqual(statuses);
  });

  it.each<[string, BehaviorChange["bulk"], unknown[]]>([
    ["for POST alone", { bulkIds: "created" }, ["none", "new"]],
    ["never", { bulkIds: "none" }, ["none", "none"]],
    ["in reverse order", { results: "reversed" }, ["new", "1"]],
  ])("gives the bulkId as the tenant does: %s", async (_, change, bulkIds) => {
    const { bulk } = await startWith(change);
    const { operations: results } = await bulk([suspendAda, newcomer]);
    expect(results.map(({ bulkId = "none" }) => bulkId)).toEqual(bulkIds);
  });

  it("answers 413 to too many operations, also below the announced limit", async () => {
    const { call, bulk, isActive } = await startWith({ announcedOperations: 1000, maximumOperations: 1 });
    expect((await call("GET", "/ServiceProviderConfig")).body).toMatchObject({
      bulk: { maxOperations: 1000 },
    });
    expect((await bulk([suspendAda, suspendGrace])).status).toBe(413);
    expect(isActive("ada")).toBe(true);
  });

  it("answers 413 to too many bytes", async () => {
    const { bulk } = await startWith({ maximumPayloadBytes: 100 });
    expect((await bulk([suspendAda])).status).toBe(413);
  });

  it.each([
    [{ supported: false }, 501, false],
    [{ supported: false, unsupportedStatus: 404 as const, announced: true }, 404, true],
  ])("is answered so where it is missing: %o", async (change, status, announced) => {
    const { call, bulk } = await startWith(change);
    expect((await call("GET", "/ServiceProviderConfig")).body).toMatchObject({
      bulk: { supported: announced },
    });
    expect((await bulk([suspendAda])).status).toBe(status);
  });

  it.each([[[]], [{ Operations: [] }], ["{"]])("refuses %o as a whole", async (body) => {
    const { call } = await startWith({});
    expect((await call("POST", "/Bulk", body)).status).toBe(400);
  });
});
