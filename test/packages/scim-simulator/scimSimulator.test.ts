import { describe, expect, it } from "vitest";
import { startScimSimulator } from "../../../packages/scim-simulator/scimSimulator.ts";
import { seededPerson } from "../../../packages/scim-simulator/tenants/seedTenants.ts";
import type { BehaviorChange } from "../../../packages/scim-simulator/tenants/tenantBehavior.ts";
import { noon, startTestScim, suspend, tenant, token } from "./testScim.ts";

describe("tenants", () => {
  it("have users, tokens and behavior of their own", async () => {
    const { scim, call } = await startTestScim(
      {},
      {
        tenants: [
          { basePath: tenant, token, people: [{ id: "one", userName: "one@acme.example" }] },
          {
            basePath: "/other",
            token: "other-token",
            people: [{ id: "one", userName: "one@other.example" }],
          },
        ],
      },
    );
    await call("PATCH", "/Users/one", suspend);
    const other = await fetch(`${scim.url}/other/Users`, { headers: { authorization: `Bearer ${token}` } });
    expect([
      other.status,
      scim.directory.tenants(),
      scim.directory.user(tenant, "one")?.attributes.active,
      scim.directory.user("/other", "one")?.attributes.active,
    ]).toEqual([401, [tenant, "/other"], false, true]);
    expect((await fetch(`${scim.url}/nowhere/Users`)).headers.get("content-type")).toContain("text/html");
  });

  it("are made of the seed alone", async () => {
    const acme = { basePath: tenant, token, users: 3, suspended: 1, emailDomain: "acme.example", people: [] };
    const one = await startTestScim(acme, { seed: "one" });
    const again = await startTestScim(acme, { seed: "one" });
    const other = await startTestScim(acme, { seed: "other" });
    const users = ({ scim }: typeof one) => scim.directory.users(tenant);
    expect(users(one)).toEqual(users(again));
    expect(users(one)).not.toEqual(users(other));
    expect(users(one)[0]?.attributes).toMatchObject(seededPerson(acme, 1, "one"));
    expect(users(one).map(({ attributes }) => attributes.active)).toEqual([true, true, false]);
  });

  it.each([["acme"], ["/acme/"], ["/"], ["/acme?x"]])("refuse %s as a base path", async (basePath) => {
    await expect(startScimSimulator({ tenants: [{ basePath, token }] })).rejects.toThrow("base paths");
  });

  it("refuse one base path twice, and a person who does not fit the schema", async () => {
    const acme = { basePath: tenant, token };
    await expect(startScimSimulator({ tenants: [acme, acme] })).rejects.toThrow("each once");
    const people = [{ userName: "ada", active: "yes" }];
    await expect(startScimSimulator({ tenants: [{ ...acme, people }] })).rejects.toThrow("does not fit");
  });

  it("are read and changed by a test without the API", async () => {
    const { scim, call } = await startTestScim();
    const { directory } = scim;
    directory.addUser(tenant, { id: "new", userName: "new@acme.example" });
    directory.changeUser(tenant, "ada@acme.example", { active: false });
    directory.removeUser(tenant, "GRACE@acme.example");
    expect(directory.users(tenant).map(({ id, attributes }) => [id, attributes.active])).toEqual([
      ["ada", false],
      ["alan", false],
      ["new", true],
    ]);
    expect(directory.effects()).toEqual([]);
    expect(() => directory.users("/none")).toThrow("/acme/scim/v2");
    expect(() => directory.removeUser(tenant, "nobody")).toThrow("nobody");
    expect(() => directory.addUser(tenant, { id: "ada", userName: "x" })).toThrow("Choose another id");
    expect((await call("GET", "/Users/new")).status).toBe(200);
  });
});

describe("the token", () => {
  it.each([[undefined], ["Bearer wrong"], ["Basic acme-token"], [`Bearer ${token}x`]])(
    "must be right: %s is answered with 401",
    async (authorization) => {
      const { scim } = await startTestScim();
      const response = await fetch(`${scim.url}${tenant}/Users`, {
        headers: authorization === undefined ? {} : { authorization },
      });
      expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    },
  );

  it("may be replaced, and stands in no log", async () => {
    const { scim, call } = await startTestScim();
    scim.directory.replaceToken(tenant, "rotated");
    const old = await call("GET", "/Users");
    const rotated = await call("GET", "/Users", undefined, { authorization: "Bearer rotated" });
    expect([old.status, rotated.status]).toEqual([401, 200]);
    expect(scim.calls.list().map(({ authorized }) => authorized)).toEqual([false, true]);
    expect(JSON.stringify(scim.calls.list())).not.toMatch(/Bearer|rotated|acme-token/);
  });
});

describe("discovery", () => {
  it("tells the limits and the kinds of pages", async () => {
    const { call } = await startTestScim({
      behavior: { pages: { kind: "cursor", maximumCount: 50 }, bulk: { maximumOperations: 30 } },
    });
    expect((await call("GET", "/ServiceProviderConfig")).body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 30, maxPayloadSize: 1_048_576 },
      filter: { supported: true, maxResults: 50 },
      pagination: { cursor: true, index: false, maxPageSize: 50 },
    });
  });

  it.each<[BehaviorChange["discovery"], number, number]>([
    [{}, 200, 404],
    [{ serviceProviderConfig: "plural" }, 404, 200],
    [{ serviceProviderConfig: "missing" }, 404, 404],
    [{ serviceProviderConfig: "forbidden" }, 403, 403],
    [{ serviceProviderConfig: "garbage" }, 200, 404],
  ])("answers where the tenant has it: %o", async (discovery, singular, plural) => {
    const { call } = await startTestScim({ behavior: { discovery } });
    const statuses = [
      await call("GET", "/ServiceProviderConfig"),
      await call("GET", "/ServiceProviderConfigs"),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([singular, plural]);
  });

  it("may be garbage, or open to anybody", async () => {
    const { call } = await startTestScim({
      behavior: { discovery: { serviceProviderConfig: "garbage", needsToken: false } },
    });
    const { status, body } = await call("GET", "/ServiceProviderConfig", undefined, { authorization: "" });
    expect([status, body]).toEqual([200, "<ServiceProviderConfig/>"]);
  });

  it("lists the schemas, and the one type of resource", async () => {
    const { call } = await startTestScim({
      extensions: [{ id: "urn:ietf:params:scim:schemas:extension:x:1.0:User", attributes: {} }],
    });
    expect((await call("GET", "/Schemas")).body).toMatchObject({ totalResults: 3 });
    expect((await call("GET", "/ResourceTypes")).body).toMatchObject({ Resources: [{ endpoint: "/Users" }] });
  });
});

describe("the call log", () => {
  it("has every call in the order of arrival, with what it carried and what was answered", async () => {
    const { scim, call } = await startTestScim();
    await call("GET", "/Users?count=1", undefined, { "user-agent": "a test" });
    await call("PATCH", "/Users/ada", suspend);
    await call("PATCH", "/Users/nobody", suspend);
    await call("GET", "/Groups");
    expect(scim.calls.list()).toMatchObject([
      {
        sequence: 1,
        at: noon,
        operation: "list",
        tenant,
        query: { count: "1" },
        headers: { "user-agent": "a test" },
      },
      {
        operation: "patch",
        path: "/Users/ada",
        users: [{ sent: "ada", id: "ada", userName: "Ada@acme.example", method: "PATCH" }],
        body: suspend,
        status: 200,
        tookEffect: true,
        answered: true,
      },
      { operation: "patch", users: [{ sent: "nobody" }], status: 404, tookEffect: false },
      { operation: "unknown", status: 404 },
    ]);
    expect(scim.calls.carried("patch")).toEqual([["ada"], ["nobody"]]);
    expect(scim.calls.counts()).toEqual({ list: 1, patch: 2, unknown: 1 });
    const { headers } = await call("PATCH", "/Users/grace", suspend);
    const last = scim.calls.list().at(-1);
    expect([headers.get("x-request-id"), scim.directory.effects(tenant).at(-1)?.requestId]).toEqual([
      last?.requestId,
      last?.requestId,
    ]);
    scim.calls.reset();
    await call("GET", "/Users");
    expect(scim.calls.list().map(({ sequence }) => sequence)).toEqual([6]);
  });
});

describe("errors", () => {
  it.each<[BehaviorChange["errors"], string | null, unknown]>([
    [{ form: "empty" }, null, ""],
    [{ form: "text" }, "text/plain", "Resource nobody not found"],
    [{ form: "numericStatus" }, "application/scim+json", expect.objectContaining({ status: 404 })],
    [
      { form: "wrapped" },
      "application/scim+json",
      { error: { response: expect.objectContaining({ status: "404" }) } },
    ],
  ])("have the tenant's form: %o", async (errors, contentType, body) => {
    const { call } = await startTestScim({ behavior: { errors } });
    expect(await call("GET", "/Users/nobody")).toMatchObject({ status: 404, contentType, body });
  });

  it("of a missing route may be HTML", async () => {
    const { call } = await startTestScim({ behavior: { errors: { unknownRoute: "html" } } });
    expect(await call("GET", "/Groups")).toMatchObject({
      status: 404,
      contentType: "text/html; charset=utf-8",
      body: expect.stringContaining("<!DOCTYPE html>"),
    });
  });

  it.each([
    ["application/json", "application/json"],
    ["application/json+scim", "application/json+scim"],
    ["none", null],
  ])("and successes have the tenant's media type: %s", async (contentType, expected) => {
    const { call } = await startTestScim({ behavior: { users: { contentType } } });
    expect(await call("GET", "/Users/ada")).toMatchObject({ status: 200, contentType: expected });
  });
});
