import { afterEach, describe, expect, it } from "vitest";
import { startSsm } from "../../../packages/aws-local/ssm/startSsm.ts";
import { type ScimSimulator, startScimSimulator } from "../../../packages/scim-simulator/scimSimulator.ts";
import { answerOf } from "../../../src/directory/directory.ts";
import type { AccountSettings } from "../../../src/directory/kinds/directoryKinds.ts";
import { openDirectories } from "../../../src/directory/kinds/openDirectories.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const budget = { milliseconds: 10_000 };
const secret = "/rollcall/acme";
const people = [{ id: "ada", userName: "ada@example.com", emails: [{ value: "ada@example.com" }] }];

/** The directories of accounts of one service, with the secret in SSM, as a function opens them. */
async function open(
  accounts: (simulator: ScimSimulator) => AccountSettings[],
  {
    parameters = { [secret]: "the-token" },
    allowLoopbackHttp = true,
  }: { parameters?: Record<string, string>; allowLoopbackHttp?: boolean } = {},
) {
  const simulator = await startScimSimulator({
    tenants: [{ basePath: "/v2", token: "the-token", people }],
  });
  const ssm = await startSsm(parameters);
  const opened = openDirectories(accounts(simulator), {
    secrets: {
      endpoint: ssm.url,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    },
    allowLoopbackHttp,
  });
  closers.push(simulator.close, ssm.close, opened.close);
  return { simulator, ssm, ...opened };
}

const acme =
  (profile: "slack" | "pagerduty" | "generic" = "slack", more: Partial<AccountSettings> = {}) =>
  ({ url }: ScimSimulator): AccountSettings[] => [
    { id: "acme", directory: { kind: "scim", profile, baseUrl: `${url}/v2`, secret }, ...more },
  ];

describe("an account of a SCIM service", () => {
  it("is read and changed with the token that SSM has", async () => {
    const { directory, simulator } = await open(acme());
    const found = await directory.findUser("acme", { email: "ada@example.com" }, budget);
    const call = { operation: "suspend", accountId: "acme", entries: [{ target: "ada" }] } as const;
    const { results } = await directory.perform(call, budget);
    expect([
      found?.userId,
      results.get("ada")?.kind,
      simulator.directory.user("/v2", "ada")?.attributes.active,
    ]).toEqual(["ada", "done", false]);
  });

  it("is read with the new token once the old one is refused, and nothing has to be deployed", async () => {
    const { directory, simulator, ssm } = await open(acme());
    await directory.listUsers("acme", undefined, budget);
    simulator.directory.replaceToken("/v2", "the-new-token");
    ssm.parameters.set(secret, "the-new-token");
    const { users } = await directory.listUsers("acme", undefined, budget);
    expect(users.map(({ userId }) => userId)).toEqual(["ada"]);
  });

  it.each([
    ["there is no such parameter", {}, "SecretUnreadable"],
    ["the parameter holds no token", { [secret]: "two words" }, "SecretUnusable"],
    ["the token is refused", { [secret]: "another" }, "Unauthorized"],
  ])("is a wrong setting, and nobody's fault, where %s", async (_, parameters, code) => {
    const { directory } = await open(acme(), { parameters });
    await expect(directory.listUsers("acme", undefined, budget)).rejects.toMatchObject({
      failure: { class: "configuration", code },
    });
  });

  it("is not called without encryption, unless that is allowed", async () => {
    await expect(open(acme(), { allowLoopbackHttp: false })).rejects.toThrow(/https/);
  });

  it("is of no use where the service deletes and the policy does not say so: nobody is suspended", async () => {
    const [without, withConsent] = [
      await open(acme("pagerduty")),
      await open(acme("pagerduty", { suspension: "deletes" })),
    ];
    const answers = async ({ directory }: typeof without) => {
      const account = await directory.getAccount("acme", budget);
      return (["absent", "active", "remembered"] as const).map((state) =>
        answerOf(account, "offboard", state),
      );
    };
    expect((await answers(without)).map((answer) => ("code" in answer ? answer.code : answer.kind))).toEqual([
      "UserNotFound",
      "SuspensionDeletes",
      "SuspensionDeletes",
    ]);
    expect((await answers(withConsent)).map(({ kind }) => kind)).toEqual(["reject", "call", "call"]);
  });
});

it("an account of each kind goes to its own service", async () => {
  const { directory } = await open((simulator) => [...acme()(simulator), { id: "team" }]);
  const [scim, none] = await Promise.allSettled(
    ["acme", "nobody"].map((id) => directory.getAccount(id, budget)),
  );
  expect([scim, none]).toMatchObject([
    { status: "fulfilled", value: { accountId: "acme", type: "Slack", licenses: "none" } },
    { status: "rejected", reason: { failure: { code: "UnknownAccount" } } },
  ]);
});
