import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJournal } from "../../dev/service/readOutcomes.ts";
import type { ServiceStack } from "../../dev/service/serviceStack.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { deadLetterReasons, lwa, publish, startTestStack, stateOf, team } from "./testStack.ts";

const minute = 60_000;
const person = (name: string, domain: string) => ({ personId: `P-${name}`, email: `${name}@${domain}` });

describe("the packaged service on the embedded stack", () => {
  let stack: ServiceStack;
  let now = Date.now();
  const problems: string[] = [];
  const wait = () => waitUntilIdle(stack, { limitSeconds: 150 });

  beforeAll(async () => {
    stack = await startTestStack({
      people: {
        team: [
          { id: "u-ada", email: "ada@example.com" },
          { id: "u-eve", email: "eve@example.com", license: "Basic" },
          { id: "u-gus", email: "gus@example.com" },
          { id: "u-hal", email: "hal@example.com" },
        ],
        lwa: [
          { id: "u-bea", email: "bea@example.org" },
          { id: "u-dan", email: "dan@example.org", registration: "Suspended" },
          { id: "u-fay", email: "fay@example.org" },
        ],
      },
      // Delivered twice, which "at least once" allows.
      busFaults: {
        delivery: ({ event }) =>
          JSON.stringify(event.detail).includes("gus-left") ? { copies: 2 } : undefined,
      },
      timer: { now: () => now, after: () => () => undefined },
      onProblem: (problem) => problems.push(problem),
    });
    await publish(
      stack,
      { type: "EmployeeLeft", id: "ada-left", data: person("ada", "example.com") },
      { type: "EmployeeLeft", id: "bea-left", data: person("bea", "example.org") },
      { type: "EmployeeHired", id: "cem-hired", data: person("cem", "example.com") },
      { type: "EmployeeReturned", id: "dan-returned", data: person("dan", "example.org") },
      {
        type: "LicenseChanged",
        id: "eve-pro",
        data: { ...person("eve", "example.com"), licenseType: "Pro" },
      },
      {
        type: "EmployeeReturned",
        id: "fay-returned",
        data: person("fay", "example.org"),
        occurredAt: "2026-05-14T09:00:00Z",
      },
      { type: "EmployeeLeft", id: "gus-left", data: person("gus", "example.com") },
      { type: "EmployeeLeft", id: "no-person", data: { email: "ada@example.com" } },
    );
    await wait();
    // The older decision comes last, by another queue.
    await publish(stack, { type: "EmployeeLeft", id: "fay-left", data: person("fay", "example.org") });
    await wait();
  });
  afterAll(() => stack.close());

  it("suspends leavers, invites a hire, lets a return in again and changes a license", () => {
    expect({
      ada: stateOf(stack, team, "ada@example.com"),
      bea: stateOf(stack, lwa, "bea@example.org"),
      cem: stateOf(stack, team, "cem@example.com"),
      dan: stateOf(stack, lwa, "dan@example.org"),
      eve: stack.chime.directory.user(team, "eve@example.com")?.license,
      mails: stack.chime.calls.mails().map(({ email }) => email),
    }).toEqual({
      ada: "Suspended",
      bea: "Suspended",
      cem: "Unregistered",
      dan: "Registered",
      eve: "Pro",
      mails: ["cem@example.com"],
    });
  });

  it("acts once on an event that is delivered twice, and not on one that a newer one supersedes", () => {
    const suspended = stack.chime.calls.carried("BatchSuspendUser").flat();
    expect({ suspended: suspended.toSorted(), fay: stateOf(stack, lwa, "fay@example.org") }).toEqual({
      suspended: ["u-ada", "u-bea", "u-gus"],
      fay: "Registered",
    });
  });

  it("journals the outcome of each event", async () => {
    expect(Object.fromEntries(await readJournal(stack))).toEqual({
      "ada-left": "applied",
      "bea-left": "applied",
      "cem-hired": "applied",
      "dan-returned": "applied",
      "eve-pro": "applied",
      "fay-left": "superseded",
      "fay-returned": "unchanged",
      "gus-left": "applied",
    });
  });

  it("dead-letters an event that breaks its schema, with the reason", async () => {
    expect(await deadLetterReasons(stack)).toEqual(["rollcall-dev-offboard-dlq: Malformed"]);
  });

  it("applies a deferred decision once it is due and the schedule runs", async () => {
    // Far enough that the event is processed before, and near enough to wait for.
    const effectiveAt = Date.now() + 5000;
    const data = { ...person("hal", "example.com"), effectiveAt: new Date(effectiveAt).toISOString() };
    await publish(stack, { type: "EmployeeLeft", id: "hal-left", data });
    await wait();
    const before = (await readJournal(stack)).get("hal-left");
    await sleep(effectiveAt - Date.now());
    now += minute;
    await stack.scheduler.tick();
    await wait();
    const after = (await readJournal(stack)).get("hal-left");
    expect({ before, after, hal: stateOf(stack, team, "hal@example.com") }).toEqual({
      before: "deferred",
      after: "applied",
      hal: "Suspended",
    });
  });

  it("reports no problem but the short visibility timeouts of this test", () => {
    expect(problems.filter((problem) => !problem.includes("its visibility timeout is"))).toEqual([]);
  });

  it("names what it does not model", () => {
    expect([...new Set(stack.model.notModelled.map(({ type }) => type))].toSorted()).toEqual([
      "AWS::CloudWatch::Alarm",
      "AWS::CloudWatch::Dashboard",
      "AWS::IAM::Role",
      "AWS::Lambda::Permission",
      "AWS::Logs::LogGroup",
      "AWS::S3::Bucket",
      "AWS::S3::BucketPolicy",
      "Output",
    ]);
  });
});
