import { expect, it, onTestFinished } from "vitest";
import { readJournal } from "../../dev/service/readOutcomes.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { startScimSimulator } from "../../packages/scim-simulator/scimSimulator.ts";
import { packageWithScim } from "./packageWithScim.ts";
import { publish, startTestStack, type TestEvent, team } from "./testStack.ts";

const packageDirectory = packageWithScim();

const tenant = "/slack/v2";
const secret = "/rollcall/slack";

const lovelace = {
  givenName: "Ada",
  familyName: "Lovelace",
  displayName: "Ada Lovelace",
  department: "Maths",
};
const about = (type: TestEvent["type"], name: string, data: Record<string, unknown> = {}): TestEvent => ({
  type,
  id: `${name}-${type}`,
  data: { personId: `P-${name}`, email: `${name}@slack.example`, ...data },
});

/** The packaged service with an account of Amazon Chime and one of a SCIM service, which is this simulator. */
async function start() {
  const printed: string[] = [];
  const scim = await startScimSimulator({
    tenants: [
      {
        basePath: tenant,
        token: "first-token",
        people: ["bob", "eve"].map((name) => ({
          id: `u-${name}`,
          userName: `${name}@slack.example`,
          emails: [{ value: `${name}@slack.example`, type: "work", primary: true }],
          active: name === "bob",
        })),
      },
    ],
  });
  onTestFinished(scim.close);
  const directory = {
    kind: "scim" as const,
    profile: "slack" as const,
    baseUrl: `${scim.url}${tenant}`,
    secret,
    rate: 100,
  };
  const stack = await startTestStack({
    packageDirectory: packageDirectory(),
    people: { team: [{ id: "u-dan", email: "dan@example.com" }] },
    parameters: { [secret]: "first-token" },
    onLog: ({ line }) => printed.push(line),
    adjustPolicy: (policy) => ({
      ...policy,
      accounts: [
        { id: team, domains: ["example.com"], licensePerRole: {} },
        { id: "slack-main", domains: ["slack.example"], licensePerRole: {}, directory },
      ],
    }),
  });
  onTestFinished(stack.close);
  return { stack, scim, printed };
}

const stateOf = (scim: Awaited<ReturnType<typeof start>>["scim"], name: string) => {
  const { attributes } = scim.directory.user(tenant, `${name}@slack.example`) ?? {};
  return (
    attributes && { active: attributes.active, name: attributes.name, externalId: attributes.externalId }
  );
};

it("carries out what HR decides at Amazon Chime and at a SCIM service, each for its own people", async () => {
  const { stack, scim, printed } = await start();
  await publish(
    stack,
    about("EmployeeHired", "ada", { profile: lovelace }),
    about("EmployeeLeft", "bob"),
    about("EmployeeReturned", "eve"),
    about("EmployeeLeft", "nobody"),
    { type: "EmployeeLeft", id: "dan-left", data: { personId: "P-dan", email: "dan@example.com" } },
  );
  await waitUntilIdle(stack);
  expect(Object.fromEntries(await readJournal(stack))).toEqual({
    "ada-EmployeeHired": "applied",
    "bob-EmployeeLeft": "applied",
    "eve-EmployeeReturned": "applied",
    "nobody-EmployeeLeft": "rejected",
    "dan-left": "applied",
  });
  expect(["ada", "bob", "eve"].map((name) => stateOf(scim, name))).toEqual([
    {
      active: true,
      name: expect.objectContaining({ givenName: "Ada", familyName: "Lovelace" }),
      externalId: "P-ada",
    },
    { active: false, name: undefined, externalId: undefined },
    { active: true, name: undefined, externalId: undefined },
  ]);
  expect(stack.chime.calls.summary()).toMatchObject({ BatchSuspendUser: { calls: 1 } });
  // No token, no name and no address is in any log.
  expect(printed.filter((line) => /lovelace|first-token|ada@|bob@/i.test(line))).toEqual([]);
});

it("takes up a token that was replaced, and loses nothing that was refused meanwhile", async () => {
  const { stack, scim } = await start();
  await publish(stack, about("EmployeeLeft", "bob"));
  await waitUntilIdle(stack);
  scim.directory.replaceToken(tenant, "second-token");
  await publish(stack, about("EmployeeHired", "ada"));
  stack.ssm.parameters.set(secret, "second-token");
  await expect.poll(() => stateOf(scim, "ada")?.active, { timeout: 60_000 }).toBe(true);
  await waitUntilIdle(stack);
  expect(Object.fromEntries(await readJournal(stack))).toEqual({
    "bob-EmployeeLeft": "applied",
    "ada-EmployeeHired": "applied",
  });
});
