import { describe, expect, it } from "vitest";
import type { BusRule } from "../../../../src/local/eventbridge/busRule.ts";
import { startScheduler } from "../../../../src/local/eventbridge/schedule/scheduler.ts";

const origin = { account: "123456789012", region: "us-east-1" };
const start = Date.UTC(2026, 4, 14, 17);
const minute = 60_000;

function ruleOf(name: string, change: Partial<BusRule>): BusRule {
  const targets = [{ id: "due", arn: `arn:${name}` }];
  return { name, arn: `arn:rule/${name}`, busName: "default", enabled: true, targets, ...change };
}

/** A clock that stands still until it is moved; it holds the one timeout that the scheduler asked for. */
function handClock() {
  let time = start;
  let timeout: { milliseconds: number; callback: () => void } | undefined;
  return {
    timer: {
      now: () => time,
      after: (milliseconds: number, callback: () => void) => {
        timeout = { milliseconds, callback };
        return () => {
          timeout = undefined;
        };
      },
    },
    move: (milliseconds: number) => {
      time += milliseconds;
    },
    sleeping: () => timeout?.milliseconds,
    wake: () => timeout?.callback(),
  };
}

function scheduled(rules: BusRule[], invoke?: () => Promise<void>) {
  const clock = handClock();
  const invocations: { arn: string; event: unknown }[] = [];
  const failures: unknown[] = [];
  const scheduler = startScheduler({
    rules,
    origin,
    invoke: async ({ arn }, event) => {
      invocations.push({ arn, event });
      await invoke?.();
    },
    onFailure: (failure) => failures.push(failure),
    timer: clock.timer,
  });
  return { clock, invocations, failures, scheduler };
}

describe("the scheduler", () => {
  it("invokes the target with AWS's Scheduled Event, one interval after the start", async () => {
    const { clock, invocations, scheduler } = scheduled([ruleOf("due", { schedule: "rate(1 minute)" })]);
    await scheduler.tick();
    expect(invocations).toEqual([]);
    clock.move(minute);
    await scheduler.tick();
    expect(invocations).toEqual([
      {
        arn: "arn:due",
        event: {
          version: "0",
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          "detail-type": "Scheduled Event",
          source: "aws.events",
          account: "123456789012",
          time: "2026-05-14T17:01:00Z",
          region: "us-east-1",
          resources: ["arn:rule/due"],
          detail: {},
        },
      },
    ]);
  });

  it("sends the target's constant input instead, if it has one", async () => {
    const targets = [{ id: "due", arn: "arn:due", input: '{"kind":"daily"}' }];
    const { clock, invocations, scheduler } = scheduled([
      ruleOf("due", { schedule: "rate(1 day)", targets }),
    ]);
    clock.move(1440 * minute);
    await scheduler.tick();
    expect(invocations).toEqual([{ arn: "arn:due", event: { kind: "daily" } }]);
  });

  it("fires each rule at its own rate, and disabled or unscheduled ones never", async () => {
    const { clock, invocations, scheduler } = scheduled([
      ruleOf("often", { schedule: "rate(1 minute)" }),
      ruleOf("seldom", { schedule: "rate(3 minutes)" }),
      ruleOf("disabled", { schedule: "rate(1 minute)", enabled: false }),
      ruleOf("pattern", { pattern: { source: ["hr"] } }),
    ]);
    for (let passed = 0; passed < 4; passed++) {
      clock.move(minute);
      await scheduler.tick();
    }
    expect(invocations.map(({ arn }) => arn)).toEqual([
      "arn:often",
      "arn:often",
      "arn:often",
      "arn:seldom",
      "arn:often",
    ]);
  });

  it("does not make up for intervals that passed unseen, and keeps its beat", async () => {
    const { clock, invocations, scheduler } = scheduled([ruleOf("due", { schedule: "rate(1 minute)" })]);
    clock.move(10.5 * minute);
    await scheduler.tick();
    clock.move(0.25 * minute);
    await scheduler.tick();
    expect(invocations.length).toBe(1);
    clock.move(0.25 * minute);
    await scheduler.tick();
    expect(invocations.length).toBe(2);
  });

  it("wakes up by itself when the next rule is due, and sleeps on", () => {
    const { clock, invocations } = scheduled([ruleOf("due", { schedule: "rate(5 minutes)" })]);
    expect(clock.sleeping()).toBe(5 * minute);
    clock.move(5 * minute);
    clock.wake();
    expect({ count: invocations.length, sleeping: clock.sleeping() }).toEqual({
      count: 1,
      sleeping: 5 * minute,
    });
  });

  it("never sleeps longer than a timeout of Node can be", () => {
    const { clock } = scheduled([ruleOf("due", { schedule: "rate(60 days)" })]);
    expect(clock.sleeping()).toBe(86_400_000);
  });

  it("lets a slow target overlap with its next run, as AWS does", async () => {
    let release = () => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { clock, invocations, scheduler } = scheduled(
      [ruleOf("due", { schedule: "rate(1 minute)" })],
      () => slow,
    );
    clock.move(minute);
    clock.wake();
    clock.move(minute);
    clock.wake();
    expect(invocations.length).toBe(2);
    release();
    await scheduler.idle();
  });

  it("reports an invocation that fails, and goes on", async () => {
    const error = new Error("no such function");
    const { clock, failures, scheduler } = scheduled(
      [ruleOf("due", { schedule: "rate(1 minute)" })],
      async () => {
        throw error;
      },
    );
    clock.move(minute);
    await scheduler.tick();
    clock.move(minute);
    await scheduler.tick();
    const failure = { ruleArn: "arn:rule/due", targetArn: "arn:due", error };
    expect(failures).toEqual([failure, failure]);
  });

  it("starts nothing after it is closed", async () => {
    const { clock, scheduler } = scheduled([ruleOf("due", { schedule: "rate(1 minute)" })]);
    await scheduler.close();
    expect(clock.sleeping()).toBe(undefined);
  });

  it("runs on the system's clock unless told otherwise, and leaves no timer behind", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const unexpected = async () => {
      throw new Error("nothing is due within this test");
    };
    const rules = [ruleOf("due", { schedule: "rate(1 minute)" })];
    const scheduler = startScheduler({ rules, origin, invoke: unexpected, onFailure: unexpected });
    const during = timers();
    await scheduler.close();
    expect({ during, after: timers() }).toEqual({ during: before + 1, after: before });
  });
});
