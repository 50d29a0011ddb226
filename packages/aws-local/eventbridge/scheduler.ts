import { type BusRule, type EventOrigin, type RuleTarget, toEnvelope } from "./eventModel.ts";
import { pendingWork } from "./pendingWork.ts";

interface SchedulerOptions {
  /** Rules without a schedule and disabled rules are ignored. */
  rules: readonly BusRule[];
  origin: EventOrigin;
  /** Invokes the target, with the Scheduled Event or the target's constant input. */
  invoke: (target: RuleTarget, event: unknown) => Promise<void>;
  /** Called for every invocation that rejected. */
  onFailure: (failure: { ruleArn: string; targetArn: string; error: unknown }) => void;
  timer?: Timer;
}

export interface Scheduler {
  /** Invokes the targets that are due by the timer and resolves at their end; for tests with their own timer. */
  tick: () => Promise<void>;
  /** Resolves when no invocation is running. */
  idle: () => Promise<void>;
  /** Starts no more invocations and waits for the running ones. */
  close: () => Promise<void>;
}

/** Node.js fires a longer timeout at once. Waking up early does no harm. */
const longestSleepMilliseconds = 24 * 3_600_000;

/**
 * Runs the scheduled rules. As in AWS, a rule fires first after one interval, and the next run does not wait for a
 * slow target. Missed intervals (a laptop that slept) are not repeated: the rule fires once.
 */
export function startScheduler(options: SchedulerOptions): Scheduler {
  const { timer = systemTimer, onFailure } = options;
  const pending = pendingWork();
  const schedules = options.rules.flatMap((rule) => {
    if (!rule.enabled || rule.schedule === undefined) return [];
    const interval = parseRate(rule.schedule);
    return [{ rule, interval, dueAt: timer.now() + interval }];
  });
  let cancel = () => {};

  function fireDue(): void {
    const now = timer.now();
    for (const schedule of schedules.filter(({ dueAt }) => dueAt <= now)) {
      const missed = Math.floor((now - schedule.dueAt) / schedule.interval);
      schedule.dueAt += (missed + 1) * schedule.interval;
      for (const target of schedule.rule.targets) pending.add(() => fire(schedule.rule, target));
    }
  }

  async function fire(rule: BusRule, target: RuleTarget): Promise<void> {
    const content = {
      "detail-type": "Scheduled Event",
      source: "aws.events",
      resources: [rule.arn],
      detail: {},
    };
    const event = toEnvelope(content, options.origin, new Date(timer.now()));
    try {
      await options.invoke(target, target.input === undefined ? event : JSON.parse(target.input));
    } catch (error) {
      onFailure({ ruleArn: rule.arn, targetArn: target.arn, error });
    }
  }

  function sleepUntilNext(): void {
    if (schedules.length === 0) return;
    const next = Math.min(...schedules.map(({ dueAt }) => dueAt));
    const milliseconds = Math.min(Math.max(next - timer.now(), 0), longestSleepMilliseconds);
    cancel = timer.after(milliseconds, () => {
      fireDue();
      sleepUntilNext();
    });
  }

  sleepUntilNext();
  return {
    tick: () => {
      fireDue();
      return pending.idle();
    },
    idle: pending.idle,
    close: () => {
      cancel();
      return pending.idle();
    },
  };
}

const unitsInMilliseconds: Readonly<Record<string, number>> = {
  minute: 60_000,
  minutes: 60_000,
  hour: 3_600_000,
  hours: 3_600_000,
  day: 86_400_000,
  days: 86_400_000,
};

/**
 * Returns the interval, in milliseconds, of a schedule such as `rate(5 minutes)`. As AWS demands, 1 takes the
 * singular and every other number the plural. It throws for anything else, and for `cron(…)`, which is not modelled.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function parseRate(expression: string): number {
  if (expression.startsWith("cron(")) {
    throw new Error(
      `Schedule ${expression}: cron is not modelled by the embedded stack, only rate(n minutes|hours|days).`,
    );
  }
  const [, count = "", unit = ""] = /^rate\(([1-9]\d{0,8}) (\w+)\)$/.exec(expression) ?? [];
  const unitMilliseconds = Object.hasOwn(unitsInMilliseconds, unit) ? unitsInMilliseconds[unit] : undefined;
  if (unitMilliseconds === undefined || (count === "1") === unit.endsWith("s")) {
    throw new Error(
      `Schedule ${expression}: expected rate(1 minute), rate(5 minutes), rate(1 hour) or the like: the singular for 1, the plural for more.`,
    );
  }
  return Number(count) * unitMilliseconds;
}

/** The scheduler's clock. */
export interface Timer {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Calls back once after that time. The returned function cancels it. */
  after: (milliseconds: number, callback: () => void) => () => void;
}

const systemTimer: Timer = {
  now: () => Date.now(),
  after: (milliseconds, callback) => {
    const timeout = setTimeout(callback, milliseconds);
    return () => clearTimeout(timeout);
  },
};

export interface HandTimer extends Timer {
  advance: (milliseconds: number) => void;
}

/** Stands still but for `advance`, and calls nobody back: `tick` of the scheduler starts what is due by then. */
export function handTimer(): HandTimer {
  let now = Date.now();
  return {
    now: () => now,
    after: () => () => undefined,
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}

/** Lets the schedules' time pass so many times faster: what runs every minute runs every few seconds. */
export function quickTimer(factor: number): Timer {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * factor,
    after: (milliseconds, callback) => {
      const timeout = setTimeout(callback, milliseconds / factor);
      return () => clearTimeout(timeout);
    },
  };
}
