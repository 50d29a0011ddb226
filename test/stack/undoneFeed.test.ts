import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { ServiceStack } from "../../dev/service/serviceStack.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { startScimSimulator } from "../../packages/scim-simulator/scimSimulator.ts";
import { eventBridgeBus, sleep } from "../../src/events/eventBridge/eventBridgeBus.ts";
import { publishEvents } from "../../src/events/publishEvents.ts";
import { readPolicy } from "../../src/policy/file/policyFile.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { runRollcall } from "../cli/runRollcall.ts";
import { collect } from "../events/collect.ts";
import { packageWithScim } from "./packageWithScim.ts";
import { lwa, startTestStack, team } from "./testStack.ts";

const packageDirectory = packageWithScim();

const tenant = "/slack/v2";
const secret = "/rollcall/slack";
/** 5: a feed of 500 leavers and 300 licenses. */
const scale = Number(process.env.UNDO_SCALE ?? 1);
const people = { team: 10 * scale, lwa: 120 * scale, scim: 30 * scale };
const licensed = 60 * scale;
const leavers = people.team + people.lwa - licensed + people.scim;
type Place = keyof typeof people;

const emailOf = (place: Place, index: number) => `p${index}@${place}.example`;
const all = (place: Place) => Array.from({ length: people[place] }, (_, index) => index);

/** The packaged service with accounts of three types, and the command against it. */
async function start() {
  const scim = await startScimSimulator({
    tenants: [
      {
        basePath: tenant,
        token: "token",
        people: all("scim").map((index) => ({
          id: `u-${index}`,
          userName: emailOf("scim", index),
          emails: [{ value: emailOf("scim", index), type: "work", primary: true }],
          active: true,
        })),
      },
    ],
  });
  onTestFinished(scim.close);
  const adjustPolicy = (policy: Policy): Policy => ({
    ...policy,
    safeguard: { suspensions: { atLeast: 1000 } },
    afterSuspension: { signOut: true },
    accounts: [
      { id: team, domains: ["team.example"], licensePerRole: {} },
      { id: lwa, domains: ["lwa.example"], licensePerRole: {} },
      {
        id: "slack-main",
        domains: ["scim.example"],
        licensePerRole: {},
        directory: {
          kind: "scim",
          profile: "slack",
          baseUrl: `${scim.url}${tenant}`,
          secret,
          rate: 100,
        },
        afterSuspension: { signOut: false },
      },
    ],
  });
  const personOf = (place: Place) => (index: number) => ({
    id: `u-${index}`,
    email: emailOf(place, index),
    license: "Basic" as const,
  });
  const stack = await startTestStack({
    packageDirectory: packageDirectory(),
    people: { team: all("team").map(personOf("team")), lwa: all("lwa").map(personOf("lwa")) },
    parameters: { [secret]: "token" },
    adjustPolicy,
  });
  onTestFinished(stack.close);
  const folder = await mkdtemp(join(tmpdir(), "rollcall-undo-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "policy.yml"), JSON.stringify(adjustPolicy(readPolicy("policy.yml"))));
  const env = {
    AWS_ENDPOINT_URL_CHIME: stack.chime.url,
    AWS_ENDPOINT_URL_DYNAMODB: stack.dynamo.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: stack.bus.url,
    AWS_ENDPOINT_URL_SSM: stack.ssm.url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  return {
    run: async (...args: string[]) => {
      const { stdout, ...run } = await runRollcall(["undo", "--since", "1h", ...args], { cwd: folder, env });
      await waitUntilIdle(stack);
      return { ...run, stdout, report: args.includes("--json") ? JSON.parse(stdout) : undefined };
    },
    publish: async (events: readonly object[]) => {
      await publishAll(stack, events);
      await waitUntilIdle(stack);
    },
    states: () => ({
      ...Object.fromEntries(
        (["team", "lwa"] as const).flatMap((place) =>
          all(place).map((index) => {
            const email = emailOf(place, index);
            const user = stack.chime.directory.user(place === "team" ? team : lwa, email);
            return [email, `${user?.registration} ${user?.license}`];
          }),
        ),
      ),
      ...Object.fromEntries(
        all("scim").map((index) => {
          const email = emailOf("scim", index);
          return [email, String(scim.directory.user(tenant, email)?.attributes.active)];
        }),
      ),
    }),
  };
}

async function publishAll({ eventBridge, model }: ServiceStack, events: readonly object[]): Promise<void> {
  const lines = events.map((event, index) => ({
    number: index + 1,
    bytes: Buffer.from(JSON.stringify(event)),
  }));
  const bus = eventBridgeBus(eventBridge, model.buses[0]?.name ?? "");
  const results = await collect(publishEvents(lines, { bus, sleep, random: Math.random }));
  expect(results.filter(({ status }) => status !== "accepted")).toEqual([]);
}

function eventOf(
  type: string,
  place: Place,
  index: number,
  {
    origin = "workday",
    at = "2026-05-14T08:00:00Z",
    license,
  }: { origin?: string; at?: string; license?: string },
) {
  return {
    source: "hr",
    "detail-type": type,
    detail: {
      metadata: { id: `${origin}-${type}-${place}-${index}`, schemaVersion: "1.0", occurredAt: at, origin },
      data: {
        personId: `P-${place}-${index}`,
        email: emailOf(place, index),
        ...(license !== undefined && { licenseType: license }),
      },
    },
  };
}

it("a wrong feed of leavers and licenses is taken back to the person, but for what was decided since", async () => {
  const { run, publish, states } = await start();
  const before = states();
  const wrong = { origin: "wrong-feed" };
  await publish([
    ...all("team").map((index) => eventOf("EmployeeLeft", "team", index, wrong)),
    ...all("lwa").map((index) =>
      index >= licensed
        ? eventOf("EmployeeLeft", "lwa", index, wrong)
        : eventOf("LicenseChanged", "lwa", index, { ...wrong, license: "Pro" }),
    ),
    ...all("scim").map((index) => eventOf("EmployeeLeft", "scim", index, wrong)),
  ]);
  const wronged = states();
  // HR decides the same of two leavers, and of a license.
  const later = { at: "2026-05-14T09:00:00Z" };
  await publish([
    eventOf("EmployeeLeft", "lwa", licensed, later),
    eventOf("EmployeeLeft", "scim", 7, later),
    eventOf("LicenseChanged", "lwa", 7, { ...later, license: "Pro" }),
  ]);
  const dry = await run("--origin", "wrong-feed", "--dry-run");
  const asked = [
    "--origin",
    "wrong-feed",
    "--because",
    "half of the file",
    "--by",
    "grace",
    "--yes",
    "--json",
  ];
  const { report, exitCode } = await run(...asked);
  const again = await run(...asked);
  const { plan, published } = report;
  expect({
    wronged: Object.values(wronged).filter((state) => /Suspended|false|Pro/.test(state)).length,
    exitCode,
    told: dry.stdout.match(/^ {2}\S+ \(\w+\): .*|^The next sync.*$/gm),
    actions: plan.actions,
    notUndone: plan.notUndone,
    kept: plan.kept.map(({ because }: { because: string }) => because),
    published: [published.published, published.failed],
    again: [again.exitCode, again.report.plan.changes],
  }).toEqual({
    wronged: leavers + licensed,
    exitCode: 0,
    told: [
      `  team-0001 (Team): no access before a new invitation is accepted: ${people.team} people`,
      `  team-0001 (Team): signed out, and to sign in again: ${people.team} people`,
      "The next sync of the same feed does it again: mend the feed first, or stop it with rollcall pause.",
    ],
    actions: { return: leavers - 2, license: licensed - 1 },
    notUndone: [],
    kept: ["newer", "newer", "newer"],
    published: [leavers + licensed - 3, []],
    again: [0, []],
  });
  // The simulator takes every invitation for accepted by whoever was a user before.
  expect(states()).toEqual({
    ...before,
    [emailOf("lwa", licensed)]: "Suspended Basic",
    [emailOf("scim", 7)]: "false",
    [emailOf("lwa", 7)]: "Registered Pro",
  });
});
