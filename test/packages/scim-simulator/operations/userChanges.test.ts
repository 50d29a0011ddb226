import { describe, expect, it } from "vitest";
import { noon, patchOf, reinstate, startTestScim, suspend, tenant } from "../testScim.ts";

const core = "urn:ietf:params:scim:schemas:core:2.0:User";
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const vendor = "urn:ietf:params:scim:schemas:extension:zoom:1.0:User";

const newcomer = {
  schemas: [core, enterprise],
  userName: "new@acme.example",
  externalId: "P-9",
  active: true,
  emails: [{ value: "new@acme.example", type: "work", primary: true }],
  roles: [{ type: "seatType", value: "Full" }],
  entitlements: [{ value: "pro" }],
  userType: "Basic",
  [enterprise]: { department: "Research", employeeNumber: "9" },
};

describe("creating", () => {
  it("answers 201 with the user, an id, and the user's URL", async () => {
    const { scim, call } = await startTestScim();
    const { status, headers, body, contentType } = await call("POST", "/Users", newcomer);
    const stored = scim.directory.user(tenant, "new@acme.example");
    const location = `${scim.url}${tenant}/Users/${stored?.id}`;
    const date = new Date(noon).toISOString();
    expect({ status, body, contentType, location: headers.get("location") }).toEqual({
      status: 201,
      contentType: "application/scim+json",
      location,
      body: {
        ...newcomer,
        id: stored?.id,
        meta: { resourceType: "User", created: date, lastModified: date, location },
      },
    });
  });

  it("stores the attributes of a vendor's extension and refuses others of it", async () => {
    const extensions = [{ id: vendor, attributes: { zoomOneBizPlus: "boolean" as const } }];
    const { scim, call } = await startTestScim({ extensions });
    const withLicense = { ...newcomer, schemas: [core, vendor], [vendor]: { zoomOneBizPlus: true } };
    expect((await call("POST", "/Users", withLicense)).status).toBe(201);
    expect(scim.directory.user(tenant, "new@acme.example")?.attributes[vendor]).toEqual({
      zoomOneBizPlus: true,
    });
    expect(
      (await call("PATCH", "/Users/ada", patchOf({ op: "replace", path: `${vendor}:none`, value: 1 }))).body,
    ).toMatchObject({ status: "400", scimType: "invalidPath" });
  });

  it.each([
    ["the same user name in other case", {}, 409, "uniqueness"],
    ["the same user name, said without a scimType", { errors: { conflictType: false } }, 409, undefined],
  ])("answers 409 to %s", async (_, behavior, status, scimType) => {
    const { call } = await startTestScim({ behavior });
    const answer = await call("POST", "/Users", { ...newcomer, userName: "ADA@acme.example" });
    expect([answer.status, answer.body]).toMatchObject([status, { status: "409" }]);
    expect(Object(answer.body).scimType).toBe(scimType);
  });

  it("answers 409 to another's address only where addresses must be unique", async () => {
    const { scim, call } = await startTestScim();
    const namesake = { ...newcomer, emails: [{ value: "ADA@acme.example" }] };
    expect((await call("POST", "/Users", namesake)).status).toBe(201);
    scim.directory.removeUser(tenant, "new@acme.example");
    scim.directory.changeBehavior(tenant, { users: { uniqueness: "userNameAndEmail" } });
    expect((await call("POST", "/Users", namesake)).status).toBe(409);
  });

  it("reads an absent `active` as the tenant does", async () => {
    const { scim, call } = await startTestScim({ behavior: { users: { activeByDefault: false } } });
    const { active: _, ...silent } = newcomer;
    await call("POST", "/Users", silent);
    expect(scim.directory.user(tenant, "new@acme.example")?.attributes.active).toBe(false);
  });

  it("may derive the user name from the address", async () => {
    const { call } = await startTestScim({ behavior: { users: { userNames: "localPart" } } });
    expect((await call("POST", "/Users", newcomer)).body).toMatchObject({ userName: "new" });
  });

  it.each([
    ["no user name", { schemas: [core] }, "invalidValue"],
    ["a text for `active`", { ...newcomer, active: "False" }, "invalidValue"],
    ["no JSON", "{", "invalidSyntax"],
    ["a list", [], "invalidValue"],
  ])("refuses %s with 400", async (_, body, scimType) => {
    const { scim, call } = await startTestScim();
    expect(await call("POST", "/Users", body)).toMatchObject({ status: 400, body: { scimType } });
    expect(scim.directory.users(tenant)).toHaveLength(3);
  });

  it("refuses a media type that is no JSON", async () => {
    const { call } = await startTestScim();
    const answer = await call("POST", "/Users", newcomer, { "content-type": "text/plain" });
    expect(answer.status).toBe(415);
  });
});

describe("reading, replacing and deleting one user", () => {
  it("finds a user by an id that is percent-encoded", async () => {
    const { call } = await startTestScim({ people: [{ id: "a/b c", userName: "x@acme.example" }] });
    expect(await call("GET", "/Users/a%2Fb%20c")).toMatchObject({ status: 200, body: { id: "a/b c" } });
  });

  it("clears with PUT what is not sent", async () => {
    const { scim, call } = await startTestScim();
    await call("PUT", "/Users/ada", { schemas: [core], userName: "ada@acme.example", active: true });
    expect(scim.directory.user(tenant, "ada")?.attributes).toEqual({
      schemas: [core],
      userName: "ada@acme.example",
      active: true,
    });
  });

  it("removes with DELETE, and knows nobody of the id afterwards", async () => {
    const { call } = await startTestScim();
    expect(await call("DELETE", "/Users/ada")).toMatchObject({ status: 204, body: "" });
    expect(await call("DELETE", "/Users/ada")).toMatchObject({ status: 404, body: { status: "404" } });
  });

  it.each(["GET", "PUT", "PATCH", "DELETE"])(
    "answers 500 to %s of an unknown id where the tenant does",
    async (method) => {
      const { call } = await startTestScim({ behavior: { errors: { unknownUserStatus: 500 } } });
      const body = method === "PUT" ? newcomer : method === "PATCH" ? suspend : undefined;
      expect((await call(method, "/Users/nobody", body)).status).toBe(500);
    },
  );

  it("answers 501 to a method that the tenant lacks", async () => {
    const { call } = await startTestScim({ behavior: { users: { methods: ["POST", "PUT"] } } });
    expect((await call("PATCH", "/Users/ada", suspend)).status).toBe(501);
  });
});

describe("suspending and reinstating", () => {
  it.each([
    ["with a path", { op: "replace", path: "active", value: false }],
    ["without a path", { op: "replace", value: { active: false } }],
  ])("follows a PATCH %s", async (_, operation) => {
    const { scim, call } = await startTestScim();
    const answer = await call("PATCH", "/Users/ada", patchOf(operation));
    expect(answer).toMatchObject({ status: 200, body: { id: "ada", active: false } });
    expect(scim.directory.user(tenant, "ada")?.attributes.active).toBe(false);
  });

  it.each([
    ["a text", patchOf({ op: "replace", path: "active", value: "False" }), "invalidValue"],
    ["another spelling", patchOf({ op: "replace", path: "Active", value: false }), "invalidPath"],
    ["an unknown path", patchOf({ op: "replace", path: "enabled", value: false }), "invalidPath"],
    ["no schemas", { Operations: [{ op: "replace", path: "active", value: false }] }, "invalidSyntax"],
    ["operations in lower case", { ...suspend, Operations: undefined, operations: [] }, "invalidSyntax"],
    [
      "a filter that matches nothing",
      patchOf({ op: "replace", path: 'roles[type eq "x"].value', value: "y" }),
      "noTarget",
    ],
  ])("refuses %s", async (_, message, scimType) => {
    const { scim, call } = await startTestScim();
    expect(await call("PATCH", "/Users/ada", message)).toMatchObject({ status: 400, body: { scimType } });
    expect(scim.directory.effects()).toEqual([]);
  });

  it("answers 200 to an unknown path and changes nothing where the tenant does", async () => {
    const { scim, call } = await startTestScim({ behavior: { users: { unknownPaths: "ignored" } } });
    const answer = await call(
      "PATCH",
      "/Users/ada",
      patchOf({ op: "replace", path: "Active", value: false }),
    );
    expect(answer).toMatchObject({ status: 200, body: { active: true } });
    expect(scim.directory.effects()).toEqual([]);
  });

  it.each([
    ["noContent", 204, ""],
    ["emptyObject", 200, {}],
    ["stale", 200, { active: true }],
  ] as const)("answers a PATCH with %s where the tenant does", async (patchAnswer, status, body) => {
    const { scim, call } = await startTestScim({ behavior: { users: { patchAnswer } } });
    const answer = await call("PATCH", "/Users/ada", suspend);
    expect(answer.status).toBe(status);
    if (patchAnswer === "stale") expect(answer.body).toMatchObject(body);
    else expect(answer.body).toEqual(body);
    expect(scim.directory.user(tenant, "ada")?.attributes.active).toBe(false);
  });

  it.each([
    ["text", { active: "False" }],
    ["absent", { active: undefined }],
  ] as const)("shows `active` as %s where the tenant does", async (activeAs, expected) => {
    const { call } = await startTestScim({ behavior: { users: { activeAs } } });
    const { body } = await call("GET", "/Users/alan");
    expect({ active: Object(body).active }).toEqual(expected);
  });

  it("deletes the user where a suspension deletes", async () => {
    const { scim, call } = await startTestScim({ behavior: { users: { suspension: "deletes" } } });
    expect((await call("PATCH", "/Users/ada", suspend)).status).toBe(204);
    expect(scim.directory.user(tenant, "ada")).toBeUndefined();
    expect(scim.directory.effects()).toMatchObject([{ kind: "deleted", userId: "ada" }]);
  });

  it("hides the names of a suspended user, who is found by the id alone until the reinstatement", async () => {
    const { scim, call } = await startTestScim({ behavior: { users: { suspendedNames: "hashed" } } });
    const find = async () => {
      const { body } = await call(
        "GET",
        `/Users?filter=${encodeURIComponent('userName eq "ada@acme.example"')}`,
      );
      return Object(body).totalResults;
    };
    await call("PATCH", "/Users/ada", suspend);
    expect([await find(), Object((await call("GET", "/Users/ada")).body).userName]).toEqual([
      0,
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ]);
    await call("PATCH", "/Users/ada", reinstate);
    expect([await find(), scim.directory.user(tenant, "ada")?.attributes.userName]).toEqual([
      1,
      "Ada@acme.example",
    ]);
  });

  it("removes licenses with a suspension where the tenant does", async () => {
    const { scim, call } = await startTestScim({
      people: [{ id: "ada", userName: "ada@acme.example", userType: "Licensed" }],
      behavior: { users: { removedOnSuspension: ["userType"] } },
    });
    await call("PATCH", "/Users/ada", suspend);
    await call("PATCH", "/Users/ada", reinstate);
    expect(scim.directory.user(tenant, "ada")?.attributes.userType).toBeUndefined();
  });

  it("records every change in order, with its call, its time and what was before", async () => {
    const { scim, call } = await startTestScim();
    await call("PATCH", "/Users/ada", suspend);
    await call("PATCH", "/Users/ada", suspend);
    await call("PATCH", "/Users/ada", reinstate);
    await call("PATCH", "/Users/ada", patchOf({ op: "replace", path: "userType", value: "Licensed" }));
    await call("DELETE", "/Users/ada");
    const effects = scim.directory.effects(tenant).map(({ before, after, requestId: _, ...effect }) => ({
      ...effect,
      active: [before?.active, after?.active],
      userType: after?.userType,
    }));
    const common = { tenant, at: noon, userId: "ada" };
    expect(effects).toEqual([
      { ...common, sequence: 1, kind: "suspended", active: [true, false], userType: undefined },
      { ...common, sequence: 3, kind: "reinstated", active: [false, true], userType: undefined },
      { ...common, sequence: 4, kind: "changed", active: [true, true], userType: "Licensed" },
      { ...common, sequence: 5, kind: "deleted", active: [true, undefined], userType: undefined },
    ]);
  });
});
