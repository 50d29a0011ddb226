import { forUser, silentSuccesses, when } from "@rollcall/scim-simulator/scimFaultPlans";
import { resetFault, responseFault, scimErrorFault } from "@rollcall/scim-simulator/scimFaults";
import { nth } from "@rollcall/simulated-service/planCombinators";
import { afterEach, describe, expect, it } from "vitest";
import { scimProfiles } from "../../../src/directory/scim/scimProfiles.ts";
import { outcomeOfFailure } from "../../../src/provisioning/outcome.ts";
import {
  accountId,
  budget,
  failureOf,
  find,
  perform,
  type ScimWorld,
  type ScimWorldOptions,
  startScimWorld,
  tenant,
} from "./scimWorld.ts";

let world: ScimWorld;
async function start(options?: ScimWorldOptions): Promise<ScimWorld> {
  world = await startScimWorld(options);
  return world;
}
afterEach(() => world.close());

const alone = { alone: true } as const;
const twenty = Array.from({ length: 20 }, (_, index) => `user-${index}@example.com`);
const license = { path: "userType", shape: "text" } as const;

/** The bodies of the requests of one operation. */
function bodies(operation: "create" | "patch") {
  return world.simulator.calls.list(operation).map(({ body }) => body);
}

describe("a user who is created at a SCIM target", () => {
  it("is adopted where one of twenty is there already: it alone is looked up (awslabs/ssosync#104)", async () => {
    await start({ people: ["user-7"] });
    expect(await perform(world, "create", ...twenty)).toEqual(twenty.map((email) => `${email} done`));
    expect([world.states().length, world.requests()]).toEqual([
      20,
      ["POST /Bulk", "GET /Users", expect.stringMatching(/^GET \/Users\/.+/)],
    ]);
  });

  it("is found by the address where the conflict comes with an empty body (slashdevops/idp-scim-sync#57)", async () => {
    await start({
      ...alone,
      people: [{ id: "ada", userName: "ada@old.example", emails: [{ value: "ada@new.example" }] }],
      behavior: { errors: { form: "empty" }, users: { uniqueness: "userNameAndEmail" } },
    });
    expect(await perform(world, "create", "ada@new.example")).toEqual(["ada@new.example done"]);
  });

  it("is adopted by HR's id where the address has changed", async () => {
    await start({
      ...alone,
      people: [{ id: "ada", userName: "ada@old.example", externalId: "P-1" }],
      faults: when({ operation: "create" }, responseFault(409)),
    });
    const entry = { target: "ada@new.example", externalId: "P-1" };
    const { results } = await world.directory.perform(
      { operation: "create", accountId, entries: [entry] },
      budget,
    );
    expect([...results]).toEqual([["ada@new.example", { kind: "done", userId: "ada" }]]);
  });

  it("is adopted where the conflict says nothing of uniqueness (goauthentik/authentik#12827)", async () => {
    await start({ ...alone, people: ["ada"], behavior: { errors: { conflictType: false } } });
    expect(await perform(world, "create", "ada@example.com")).toEqual(["ada@example.com done"]);
  });

  it("is let in where the one who is there is suspended", async () => {
    await start({ ...alone, people: [{ id: "ada", userName: "ada@example.com", active: false }] });
    expect([await perform(world, "create", "ada@example.com"), world.states()]).toEqual([
      ["ada@example.com done"],
      ["ada@example.com true"],
    ]);
  });

  it.each([{ alone: true }, { alone: false }])(
    "keeps the license that the one who is there has, which a newer decision may have set (alone: $alone)",
    async (how) => {
      const ada = { id: "ada", userName: "ada@example.com", active: false, userType: "Pro" };
      await start({ ...how, license, people: [ada] });
      const entry = { target: "ada@example.com", license: "Plus" };
      const created = ["new@example.com", "other@example.com"].map((target) => ({ target, license: "Plus" }));
      const calls = how.alone ? [entry, ...created].map((one) => [one]) : [[entry, ...created]];
      for (const entries of calls) await perform(world, "create", ...entries);
      const users = world.simulator.directory.users(tenant).map(({ attributes }) => attributes);
      expect(users.map(({ userName, active, userType }) => `${userName} ${active} ${userType}`)).toEqual([
        "ada@example.com true Pro",
        "new@example.com true Plus",
        "other@example.com true Plus",
      ]);
    },
  );

  it("is active outright, for a target that takes the absence for no (AzureAD/entra-id-inbound-provisioning#16)", async () => {
    await start({ ...alone, behavior: { users: { activeByDefault: false } } });
    await perform(world, "create", "ada@example.com");
    expect(world.states()).toEqual(["ada@example.com true"]);
  });

  it("is a dead letter that says so where the target has the address under another key (ory/polis#4067)", async () => {
    await start({ ...alone, faults: when({ operation: "create" }, scimErrorFault(409)) });
    expect(await perform(world, "create", "ada@example.com")).toEqual([
      "ada@example.com permanent UserExistsElsewhere",
    ]);
    expect(world.simulator.calls.list("list").map(({ query }) => query.filter)).toEqual([
      'userName eq "ada@example.com"',
      undefined,
      'emails.value eq "ada@example.com"',
    ]);
  });

  it("carries names, department and employee number, and HR's id", async () => {
    await start(alone);
    await perform(world, "create", {
      target: "ada@example.com",
      externalId: "P-1",
      profile: { givenName: "Ada", familyName: "Lovelace", department: "Engines", employeeNumber: "42" },
    });
    expect(bodies("create")).toEqual([
      {
        schemas: [
          "urn:ietf:params:scim:schemas:core:2.0:User",
          "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ],
        userName: "ada@example.com",
        externalId: "P-1",
        name: { givenName: "Ada", familyName: "Lovelace" },
        displayName: "Ada Lovelace",
        emails: [{ value: "ada@example.com", type: "work", primary: true }],
        active: true,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
          department: "Engines",
          employeeNumber: "42",
        },
      },
    ]);
  });

  it("is refused before any call where the target wants names that HR does not tell", async () => {
    await start({ profile: scimProfiles["aws-identity-center"] });
    const named = { target: "grace@example.com", profile: { givenName: "Grace", familyName: "Hopper" } };
    expect([
      await perform(world, "create", "ada@example.com"),
      await perform(world, "create", named),
    ]).toEqual([["ada@example.com permanent NamesMissing"], ["grace@example.com done"]]);
  });

  it("is there once though the answer was lost: the next try finds the user", async () => {
    await start({ ...alone, faults: when({ operation: "create" }, nth(1, resetFault("after"))) });
    expect([
      await perform(world, "create", "ada@example.com"),
      await perform(world, "create", "ada@example.com"),
      world.states(),
    ]).toEqual([["thrown transient ECONNRESET"], ["ada@example.com done"], ["ada@example.com true"]]);
  });
});

describe("a user who is changed at a SCIM target", () => {
  it("is changed by one operation with a path and a real boolean (goauthentik/authentik#12321, scimmyjs/scimmy#86)", async () => {
    await start({ ...alone, people: ["ada"] });
    await perform(world, "suspend", "ada");
    await perform(world, "unsuspend", "ada");
    const patch = (value: boolean) => ({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [{ op: "replace", path: "active", value }],
    });
    expect(bodies("patch")).toEqual([patch(false), patch(true)]);
  });

  it("gets a license without a word about being active (slashdevops/idp-scim-sync#40)", async () => {
    const ada = { id: "ada", userName: "ada@example.com", active: false };
    await start({ people: [ada], alone: true, license });
    expect(await perform(world, "setLicense", { target: "ada", license: "Licensed" })).toEqual(["ada done"]);
    expect([JSON.stringify(bodies("patch")).includes("active"), world.states()]).toEqual([
      false,
      ["ada@example.com false"],
    ]);
  });

  it("keeps the external id and all else: nothing is replaced (Captain-P-Goldfish/scim-for-keycloak#126, Metatavu/keycloak-scim-server#106)", async () => {
    const ada = { id: "ada", userName: "ada@example.com", externalId: "theirs", title: "Countess" };
    await start({ people: [ada], alone: true, license });
    await perform(world, "create", { target: "ada@example.com", externalId: "P-1" });
    await perform(world, "setLicense", { target: "ada", license: "Licensed" });
    await perform(world, "suspend", "ada");
    await perform(world, "unsuspend", "ada");
    expect(world.simulator.directory.user("/scim/v2", "ada")?.attributes).toMatchObject({
      externalId: "theirs",
      title: "Countess",
      userType: "Licensed",
    });
    const methods = new Set(world.simulator.calls.list().map(({ method }) => method));
    expect([...methods]).toEqual(["GET", "POST", "PATCH"]);
  });

  it.each([
    { place: { path: "entitlements", shape: "element" }, key: "entitlements", value: [{ value: "pro" }] },
    {
      place: { path: "roles", shape: "element", type: "seatType" },
      key: "roles",
      value: [{ value: "pro", type: "seatType" }],
    },
  ] as const)("gets a license as an element of $place.path", async ({ place, key, value }) => {
    await start({ people: ["ada"], alone: true, license: place });
    expect(await perform(world, "setLicense", { target: "ada", license: "pro" })).toEqual(["ada done"]);
    expect(world.simulator.directory.user("/scim/v2", "ada")?.attributes).toMatchObject({ [key]: value });
    const found = await world.directory.findUser(accountId, { email: "ada@example.com" }, budget);
    expect(found?.license).toBe("pro");
  });

  it("is not gone because a web server knows no such address (goauthentik/authentik#16678)", async () => {
    await start({ ...alone, people: ["ada"], behavior: { errors: { unknownRoute: "html" } } });
    world.simulator.faults.add(
      when(
        { operation: "patch" },
        responseFault(404, { headers: { "content-type": "text/html" }, body: "<h1>404" }),
      ),
    );
    expect(await perform(world, "suspend", "ada")).toEqual(["thrown configuration RouteNotFound"]);
  });

  it("is not gone because a gateway knows no such route, in an error that looks like SCIM's (RFC 9457)", async () => {
    await start({ ...alone, people: ["ada"] });
    const body = JSON.stringify({ type: "about:blank", title: "Not Found", status: 404, detail: "no route" });
    world.simulator.faults.add(when({ operation: "patch" }, responseFault(404, { body })));
    expect(await perform(world, "suspend", "ada")).toEqual(["thrown configuration RouteNotFound"]);
  });

  it("is unknown by an error of SCIM's, also in a wrapped one, or by a failure over the id", async () => {
    const words: string[][] = [];
    for (const errors of [
      {},
      { form: "wrapped" },
      { form: "numericStatus" },
      { unknownUserStatus: 500 },
    ] as const) {
      await start({ ...alone, behavior: { errors } });
      words.push(await perform(world, "suspend", "nobody"));
      await world.close();
    }
    expect(words.flat()).toEqual([
      "nobody noSuchUser NotFound",
      "nobody noSuchUser NotFound",
      "nobody noSuchUser NotFound",
      "nobody unknown ServerError",
    ]);
  });

  it.each([
    ["suspend", "OneUptime/oneuptime#3852, NorthlandPositronics/Cogtrix#122"],
    ["setLicense", "open-webui/open-webui#30074"],
  ] as const)("is not done by a 200 that shows the user as before: %s (%s)", async (operation, _) => {
    const ada = { id: "ada", userName: "ada@example.com", userType: "Basic" };
    await start({ ...alone, people: [ada], license, faults: silentSuccesses({ answer: "stale" }) });
    const entry = operation === "suspend" ? "ada" : { target: "ada", license: "Pro" };
    expect([await perform(world, operation, entry), world.requests()]).toEqual([
      ["ada unknown NotApplied"],
      ["PATCH /Users/ada", "GET /Users/ada"],
    ]);
  });

  it("is a dead letter where the target refuses the suspension, and is not done (rancher/rancher#52996)", async () => {
    await start({ ...alone, people: ["ada"], faults: forUser("ada", { kind: "error", status: 400 }) });
    const { results } = await world.directory.perform(
      { operation: "suspend", accountId, entries: [{ target: "ada" }] },
      budget,
    );
    const result = results.get("ada");
    const outcome = result?.kind === "failed" ? outcomeOfFailure(result.failure, 1).kind : result?.kind;
    expect([outcome, world.states()]).toEqual(["rejected", ["ada@example.com true"]]);
  });

  it("is unknown where the target fails over the change and has no such user to read", async () => {
    await start({ ...alone, faults: when({ operation: "patch" }, scimErrorFault(500)) });
    expect(await perform(world, "suspend", "nobody")).toEqual(["nobody noSuchUser NotFound"]);
  });

  it("is tried a bounded number of times where the target fails over it, and for ever where it is away", async () => {
    await start({ ...alone, people: ["ada"], faults: when({ operation: "patch" }, scimErrorFault(500)) });
    const failures = [await perform(world, "suspend", "ada")];
    world.simulator.faults.clear();
    world.simulator.faults.add(when({ operation: "patch" }, scimErrorFault(503)));
    failures.push(await perform(world, "suspend", "ada"));
    expect(failures).toEqual([["ada unknown ServerError"], ["thrown transient Unavailable"]]);
  });

  it("does not stop the others where the target protects one", async () => {
    await start({ ...alone, people: ["owner"], faults: forUser("owner", { kind: "error", status: 403 }) });
    expect(await perform(world, "suspend", "owner")).toEqual(["owner configuration Forbidden"]);
  });
});

describe("a SCIM target that deletes on suspension", () => {
  const pagerduty = {
    profile: scimProfiles.pagerduty,
    behavior: { users: { suspension: "deletes" } },
  } as const;

  it("has suspended whoever is gone afterwards, and creates whoever returns (getsentry/sentry#115038)", async () => {
    await start({ ...pagerduty, people: ["ada"] });
    const { suspension, capabilities } = await world.directory.getAccount(accountId, budget);
    const words = [await perform(world, "suspend", "ada"), await find(world, "ada@example.com")];
    const { absent, remembered } = capabilities.reinstate;
    expect([suspension, words, absent, remembered]).toEqual([
      "deletes",
      [["ada done"], "absent"],
      { kind: "call", operation: "create" },
      { kind: "call", operation: "create" },
    ]);
    expect([await perform(world, "create", "ada@example.com"), world.states()]).toEqual([
      ["ada@example.com done"],
      ["ada@example.com true"],
    ]);
  });
});

it("an error of the target is told without its detail, which may quote a user", async () => {
  await start({
    ...alone,
    people: ["ada"],
    faults: when(
      { operation: "patch" },
      scimErrorFault(400, {
        scimType: "invalidValue",
        detail: "Ada Lovelace <ada@example.com> is the owner",
      }),
    ),
  });
  const answer = await world.directory
    .perform({ operation: "suspend", accountId, entries: [{ target: "ada" }] }, budget)
    .catch(failureOf);
  expect("results" in answer && answer.results.get("ada")).toEqual({
    kind: "failed",
    failure: {
      class: "permanent",
      code: "BadRequest",
      requestId: expect.any(String),
      message:
        "SCIM 2.0 answered with HTTP status 400 (invalidValue): it refuses the values of this user; correct them in HR or at the target",
    },
  });
});
