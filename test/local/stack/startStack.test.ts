import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { readJournal } from "../../../src/local/stack/readJournal.ts";
import type { Stack } from "../../../src/local/stack/stack.ts";
import { waitUntilIdle } from "../../../src/local/stack/waitUntilIdle.ts";
import { inQuickMotion } from "./inQuickMotion.ts";
import { deadLetterReasons, lwa, publish, startTestStack, stateOf, team } from "./testStack.ts";

const minute = 60_000;

describe("the packaged service on the embedded stack", () => {
  let stack: Stack;
  let now = Date.now();
  /** Far enough that its event is drained before, and near enough to wait for. */
  const effectiveAt = new Date(now + 15_000).toISOString();
  const problems: string[] = [];
  const wait = () => waitUntilIdle(stack, { limitSeconds: 50 });

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
      // It delivers one event twice, and lets a newer one overtake another.
      busFaults: {
        delivery: ({ event }) => {
          const text = JSON.stringify(event.detail);
          if (text.includes("gus-left")) return { copies: 2 };
          return text.includes("fay-left") ? { delayMilliseconds: 5000 } : undefined;
        },
      },
      timer: { now: () => now, after: () => () => undefined },
      onProblem: (problem) => problems.push(problem),
    });
    const person = (name: string, domain: string) => ({ personId: `P-${name}`, email: `${name}@${domain}` });
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
      { type: "EmployeeLeft", id: "fay-left", data: person("fay", "example.org") },
      {
        type: "EmployeeReturned",
        id: "fay-returned",
        data: person("fay", "example.org"),
        occurredAt: "2026-05-14T09:00:00Z",
      },
      { type: "EmployeeLeft", id: "gus-left", data: person("gus", "example.com") },
      { type: "EmployeeLeft", id: "hal-left", data: { ...person("hal", "example.com"), effectiveAt } },
      { type: "EmployeeLeft", id: "no-person", data: { email: "ada@example.com" } },
    );
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

  it("acts once on an event that is delivered twice, and not on one that a newer one has overtaken", () => {
    const suspended = stack.chime.calls.carried("BatchSuspendUser").flat();
    expect({ suspended: suspended.toSorted(), fay: stateOf(stack, lwa, "fay@example.org") }).toEqual({
      suspended: ["u-ada", "u-bea", "u-gus"],
      fay: "Registered",
    });
  });

  it("writes down how each event ended", async () => {
    expect(Object.fromEntries(await readJournal(stack))).toEqual({
      "ada-left": "applied",
      "bea-left": "applied",
      "cem-hired": "applied",
      "dan-returned": "applied",
      "eve-pro": "applied",
      "fay-left": "superseded",
      "fay-returned": expect.stringMatching(/^(unchanged|applied)$/),
      "gus-left": "applied",
      "hal-left": "deferred",
    });
  });

  it("keeps what breaks its schema among the dead letters, with the reason", async () => {
    expect(await deadLetterReasons(stack)).toEqual(["rollcall-dev-offboard-dlq: Malformed"]);
  });

  it("carries a decision out when its day has come and the schedule has struck", async () => {
    const before = stateOf(stack, team, "hal@example.com");
    await new Promise((resolve) => setTimeout(resolve, Date.parse(effectiveAt) - Date.now()));
    now += minute;
    await stack.scheduler.tick();
    await wait();
    expect({ before, after: stateOf(stack, team, "hal@example.com") }).toEqual({
      before: "Registered",
      after: "Suspended",
    });
  });

  it("has nothing to complain of but the short visibility timeouts of this test", () => {
    expect(problems.filter((problem) => !problem.includes("its visibility timeout is"))).toEqual([]);
  });

  it("names what it does not model", () => {
    expect([...new Set(stack.model.notModelled.map(({ type }) => type))].toSorted()).toEqual([
      "AWS::CloudWatch::Alarm",
      "AWS::IAM::Role",
      "AWS::Lambda::Permission",
      "AWS::Logs::LogGroup",
      "AWS::S3::Bucket",
      "AWS::S3::BucketPolicy",
      "Output",
    ]);
  });
});

describe("a stack that meets with an accident", () => {
  it("carries out a batch whose worker is killed in the middle of a call, and acts once", async () => {
    const workers = new Map<string, number | undefined>();
    let kills = 0;
    const stack = await startTestStack({
      people: {
        team: [
          { id: "u-ada", email: "ada@example.com" },
          { id: "u-ben", email: "ben@example.com" },
        ],
      },
      onInvocation: ({ functionName, pid }) => workers.set(functionName, pid),
      faults: ({ operation }) => {
        const pid = workers.get("rollcall-dev-offboard");
        if (operation !== "BatchSuspendUser" || kills > 0 || pid === undefined) return undefined;
        kills += 1;
        process.kill(pid, "SIGKILL");
        return undefined;
      },
    });
    onTestFinished(stack.close);
    const left = (name: string) => ({
      type: "EmployeeLeft" as const,
      id: `${name}-left`,
      data: { personId: `P-${name}`, email: `${name}@example.com` },
    });
    await publish(stack, left("ada"), left("ben"));
    await waitUntilIdle(stack, { limitSeconds: 50 });
    const { batchesByReason } = stack.mappings
      .find(({ queueArn }) => queueArn.endsWith("-offboard"))
      ?.activity() ?? { batchesByReason: {} };
    expect({
      kills,
      crashed: batchesByReason.crashed,
      states: [stateOf(stack, team, "ada@example.com"), stateOf(stack, team, "ben@example.com")],
      journal: Object.fromEntries(await readJournal(stack)),
      dead: await deadLetterReasons(stack),
    }).toEqual({
      kills: 1,
      crashed: 1,
      states: ["Suspended", "Suspended"],
      journal: { "ada-left": "applied", "ben-left": "applied" },
      dead: [],
    });
  }, 60_000);

  it("finds an event among the dead letters whose queue's policy was forgotten in the template", async () => {
    const stack = await startTestStack({
      adjust: (model) => ({
        ...inQuickMotion(model),
        queues: model.queues.map(({ policy, ...queue }) =>
          queue.name.endsWith("-offboard") || policy === undefined ? queue : { ...queue, policy },
        ),
      }),
    });
    onTestFinished(stack.close);
    await publish(stack, {
      type: "EmployeeLeft",
      id: "ada-left",
      data: { personId: "P-ada", email: "ada@example.com" },
    });
    await waitUntilIdle(stack, { limitSeconds: 20 });
    const { accepted, delivered, deadLettered } = stack.bus.report();
    expect({ accepted, delivered, deadLettered, dead: await deadLetterReasons(stack) }).toEqual({
      accepted: 1,
      delivered: 0,
      deadLettered: 1,
      dead: ["rollcall-dev-offboard-dlq: Undelivered"],
    });
  });

  it("says which queue is not empty in time, gives way to a signal, and passes faults on to SQS", async () => {
    const operations = new Set<string>();
    const stack = await startTestStack({
      adjust: (model) => ({
        ...inQuickMotion(model),
        mappings: model.mappings.map((mapping) => ({ ...mapping, enabled: false })),
      }),
      sqsFaults: ({ operation, queue }) => {
        operations.add(`${operation} ${queue}`);
        return undefined;
      },
    });
    onTestFinished(stack.close);
    await publish(stack, {
      type: "EmployeeLeft",
      id: "ada-left",
      data: { personId: "P-ada", email: "ada@example.com" },
    });
    await expect(waitUntilIdle(stack, { limitSeconds: 0 })).rejects.toThrow(
      "After 0 s not everything had ended (rollcall-dev-offboard: 1).",
    );
    const aborted = new AbortController();
    aborted.abort(new Error("enough"));
    await expect(waitUntilIdle(stack, { limitSeconds: 9, signal: aborted.signal })).rejects.toThrow("enough");
    expect(operations).toContain("SendMessageBatch rollcall-dev-offboard");
  });

  it("leaves nothing running when AWS would refuse a part of it", async () => {
    const listening = () =>
      process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length;
    const before = listening();
    const start = startTestStack({
      adjust: (model) => ({
        ...model,
        queues: model.queues.map((queue) => ({ ...queue, visibilityTimeoutSeconds: 5 })),
      }),
    });
    await expect(start).rejects.toThrow(/visibility timeout: 5 seconds is less than Function timeout: 120/);
    expect(listening()).toEqual(before);
  });
});
