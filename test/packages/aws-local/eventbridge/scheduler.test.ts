import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { BusRule } from "../../../../packages/aws-local/eventbridge/eventModel.ts";
import {
  parseRate,
  quickTimer,
  startScheduler,
} from "../../../../packages/aws-local/eventbridge/scheduler.ts";

describe("scheduler", () => {
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
});

describe("parseRate", () => {
  describe("parseRate", () => {
    it.each([
      ["rate(1 minute)", 60_000],
      ["rate(5 minutes)", 300_000],
      ["rate(1 hour)", 3_600_000],
      ["rate(12 hours)", 43_200_000],
      ["rate(1 day)", 86_400_000],
      ["rate(30 days)", 2_592_000_000],
    ])("reads %s", (expression, milliseconds) => {
      expect(parseRate(expression)).toBe(milliseconds);
    });

    it.each([
      "rate(1 minutes)",
      "rate(2 minute)",
      "rate(0 minutes)",
      "rate(1 week)",
      "rate(1.5 hours)",
      "5 minutes",
      "",
    ])("refuses %j as AWS does", (expression) => {
      expect(() => parseRate(expression)).toThrow("the singular for 1, the plural for more");
    });

    it("refuses cron by its name", () => {
      expect(() => parseRate("cron(0 12 * * ? *)")).toThrow("cron is not modelled");
    });
  });
});

describe("quickTimer", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => void vi.useRealTimers());

  describe("a quick timer", () => {
    it("lets six minutes pass in one", () => {
      const timer = quickTimer(6);
      vi.advanceTimersByTime(60_000);
      expect(timer.now()).toBe(1_000_000 + 360_000);
    });

    it("calls back as much earlier, unless it is cancelled", () => {
      const calls: string[] = [];
      const timer = quickTimer(6);
      timer.after(60_000, () => calls.push("due"));
      timer.after(60_000, () => calls.push("cancelled"))();
      vi.advanceTimersByTime(9_999);
      const early = [...calls];
      vi.advanceTimersByTime(1);
      expect({ early, calls }).toEqual({ early: [], calls: ["due"] });
    });
  });
});
