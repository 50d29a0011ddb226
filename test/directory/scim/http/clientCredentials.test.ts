import { when } from "@rollcall/scim-simulator/scimFaultPlans";
import { resetFault, responseFault } from "@rollcall/scim-simulator/scimFaults";
import { latency, nth } from "@rollcall/simulated-service/planCombinators";
import { afterEach, describe, expect, it } from "vitest";
import { startSsm } from "../../../../packages/aws-local/ssm/startSsm.ts";
import { startScimSimulator } from "../../../../packages/scim-simulator/scimSimulator.ts";
import type { PopulatedTenant } from "../../../../packages/scim-simulator/tenants/seedTenants.ts";
import { openDirectories } from "../../../../src/directory/kinds/openDirectories.ts";
import { type DirectorySettings, directorySchema } from "../../../../src/policy/directorySettings.ts";
import { accountId, budget, failureOf } from "../scimWorld.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const tenant = "/scim2";
const secret = "/rollcall/zoom";
type TokenClient = NonNullable<PopulatedTenant["oauth"]>;
const client: TokenClient = { clientId: "the client", clientSecret: "s3cret+/=:x" };

/** An account of a service that issues its tokens itself, as a function opens it. */
async function open(
  oauth: TokenClient = client,
  {
    stored = "the client:s3cret+/=:x",
    settings = {},
  }: { stored?: string; settings?: Partial<NonNullable<DirectorySettings["oauth"]>> } = {},
) {
  const simulator = await startScimSimulator({
    tenants: [
      { basePath: tenant, token: "never told", oauth, people: [{ id: "ada", userName: "ada@example.com" }] },
    ],
  });
  const ssm = await startSsm({ [secret]: stored });
  const { directory, close } = openDirectories(
    [
      {
        id: accountId,
        directory: {
          kind: "scim",
          profile: "zoom",
          baseUrl: `${simulator.url}${tenant}`,
          secret,
          oauth: { tokenUrl: `${simulator.url}${tenant}/oauth/token`, ...settings },
        },
      },
    ],
    {
      secrets: {
        endpoint: ssm.url,
        region: "us-east-1",
        credentials: { accessKeyId: "local", secretAccessKey: "local" },
      },
      allowLoopbackHttp: true,
    },
  );
  closers.push(simulator.close, ssm.close, close);
  return {
    simulator,
    ssm,
    /** How many users are shown, or why none are. */
    ask: (milliseconds = budget.milliseconds) =>
      directory.listUsers(accountId, undefined, { milliseconds }).then(
        ({ users }) => users.length,
        (error: unknown) => failureOf(error),
      ),
    fetched: () => simulator.calls.counts().token ?? 0,
  };
}

describe("an account of a service whose tokens end within the hour", () => {
  it("fetches one by the client's credentials, for all calls under way together, and keeps it", async () => {
    const { ask, fetched, simulator } = await open();
    const shown = [...(await Promise.all([ask(), ask(), ask()])), await ask()];
    const [call] = simulator.calls.list("token");
    expect([shown, fetched(), call?.body]).toEqual([[1, 1, 1, 1], 1, { grant_type: "client_credentials" }]);
  });

  it("asks for the scope, and with what the endpoint wants besides, such as Zoom", async () => {
    const form = { grant_type: "account_credentials", account_id: "AbC", scope: "scim2 users" };
    const { ask, simulator } = await open(
      { ...client, form },
      {
        settings: {
          scope: "scim2 users",
          parameters: { grant_type: "account_credentials", account_id: "AbC" },
        },
      },
    );
    expect([await ask(), simulator.calls.list("token")[0]?.body]).toEqual([1, form]);
  });

  it("asks at the address as it is written, with the slash at its end that some servers want", async () => {
    const { simulator } = await open();
    const tokenUrl = `${simulator.url}${tenant}/oauth/token/`;
    const directory = { kind: "scim", profile: "zoom", baseUrl: "https://example.com/", secret };
    const { oauth, baseUrl } = directorySchema.parse({ ...directory, oauth: { tokenUrl } });
    const slashed = await open(client, { settings: { tokenUrl: oauth?.tokenUrl ?? "" } });
    await slashed.ask();
    const paths = new Set(simulator.calls.list("unknown").map(({ path }) => path));
    expect([baseUrl, oauth?.tokenUrl, [...paths]]).toEqual([
      "https://example.com",
      tokenUrl,
      ["/oauth/token/"],
    ]);
  });

  it("fetches another one shortly before it ends, and asks nobody with one that has ended", async () => {
    const { ask, fetched, simulator } = await open({ ...client, lifetimeSeconds: 1 });
    await ask();
    await new Promise((resolve) => setTimeout(resolve, 950));
    expect([await ask(), fetched(), simulator.calls.list("list").map(({ status }) => status)]).toEqual([
      1,
      2,
      [200, 200],
    ]);
  });

  it("keeps one whose end is untold until it is refused", async () => {
    const { ask, fetched, simulator } = await open({ ...client, lifetimeSeconds: "untold" });
    const before = [await ask(), await ask(), fetched()];
    simulator.directory.revokeTokens(tenant);
    expect([before, await Promise.all([ask(), ask()]), fetched()]).toEqual([[1, 1, 1], [1, 1], 2]);
  });

  it("is asked once more, and not on and on, where it refuses every token and each one ends at once", async () => {
    const { ask, simulator } = await open({ ...client, lifetimeSeconds: 0 });
    simulator.faults.add(when({ operation: "list" }, responseFault(401)));
    expect([await ask(1_000), simulator.calls.counts().list]).toEqual([
      expect.objectContaining({ class: "configuration", code: "Unauthorized" }),
      2,
    ]);
  });

  it("takes up a client's new secret, once the token or the old one is refused", async () => {
    const { ask, ssm, simulator } = await open({ ...client, lifetimeSeconds: 1 });
    await ask();
    const replaced = { ...client, clientSecret: "another" };
    simulator.directory.replaceClient(tenant, replaced);
    ssm.parameters.set(secret, "the client:another");
    await new Promise((resolve) => setTimeout(resolve, 950));
    expect(await ask()).toBe(1);
  });

  it.each([
    ["the client is not known", { stored: "another:x" }, "ClientRefused", "(invalid_client)"],
    [
      "the grant is another",
      { settings: { parameters: { grant_type: "password" } } },
      "ClientRefused",
      "(unsupported_grant_type)",
    ],
    ["the parameter holds no pair", { stored: "a-token" }, "SecretUnusable", "CLIENT_ID:CLIENT_SECRET"],
    ["the parameter holds half of one", { stored: "a:" }, "SecretUnusable", "CLIENT_ID:CLIENT_SECRET"],
  ])("is a wrong setting, and nobody's fault, where %s", async (_, options, code, word) => {
    const { ask, simulator } = await open(client, options);
    const failure = await ask();
    expect(failure).toMatchObject({ class: "configuration", code, message: expect.stringContaining(word) });
    expect([
      JSON.stringify(failure).match(/s3cret|another:x|a-token/),
      simulator.calls.counts().list,
    ]).toEqual([null, undefined]);
  });

  it.each([
    [503, "", { class: "transient", code: "TokenUnavailable" }],
    [429, "", { class: "throttled", code: "TokenThrottled", retryAfterSeconds: 7 }],
    [307, "", { class: "configuration", code: "Redirected" }],
    [200, "<html>", { class: "configuration", code: "NoToken" }],
    [200, '{"access_token":"x","token_type":"mac"}', { class: "configuration", code: "NoToken" }],
    [200, '{"access_token":"x\\ny"}', { class: "configuration", code: "SecretUnusable" }],
    [200, "x".repeat(9_000_000), { class: "unknown", code: "AnswerTooLarge" }],
  ])(
    "waits, or says what is wrong, where the token endpoint answers %i %.20s",
    async (status, body, failure) => {
      const { ask, simulator } = await open();
      const headers = { "retry-after": "7", location: "https://example.org/" };
      const mend = simulator.faults.add(
        when({ operation: "token" }, responseFault(status, { headers, body })),
      );
      const first = await ask();
      mend();
      expect([first, await ask()]).toEqual([expect.objectContaining(failure), 1]);
    },
  );

  it("waits for a token no longer than its own time, is in no doubt, and finds it there the next time", async () => {
    const { ask, fetched, simulator } = await open();
    simulator.faults.add(when({ operation: "token" }, nth(1, latency(1_000))));
    const before = Date.now();
    const late = await ask(200);
    expect([late, Date.now() - before < 900]).toEqual([
      {
        class: "transient",
        code: "TokenLate",
        message: "the token of Zoom could not be read in time; it will be tried again",
      },
      true,
    ]);
    expect([await ask(), fetched()]).toEqual([1, 1]);
  });

  it("whose token endpoint is cut off comes again", async () => {
    const { ask, simulator } = await open();
    simulator.faults.add(when({ operation: "token" }, nth(1, resetFault("before"))));
    expect([await ask(), await ask()]).toEqual([expect.not.objectContaining({ mayStillHappen: true }), 1]);
  });
});
