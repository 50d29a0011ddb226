import type { BusRule, RuleTarget } from "../busRule.ts";
import { type EventOrigin, toEnvelope } from "../eventEnvelope.ts";
import { pendingWork } from "../pendingWork.ts";
import { parseRate } from "./parseRate.ts";
import { systemTimer, type Timer } from "./timer.ts";

interface SchedulerOptions {
  /** Rules without a schedule and disabled ones are passed over. */
  rules: readonly BusRule[];
  origin: EventOrigin;
  /** Starts the target, with the Scheduled Event or the target's constant input. */
  invoke: (target: RuleTarget, event: unknown) => Promise<void>;
  /** Told of every invocation that rejected. */
  onFailure: (failure: { ruleArn: string; targetArn: string; error: unknown }) => void;
  timer?: Timer;
}

export interface Scheduler {
  /** Invokes what is due at the timer's time; for tests with a timer of their own. Resolves at the end of it. */
  tick: () => Promise<void>;
  /** Resolves when no invocation is under way. */
  idle: () => Promise<void>;
  /** Starts nothing any more and waits for what is under way. */
  close: () => Promise<void>;
}

/** Node fires a longer timeout at once; waking up for nothing does no harm. */
const longestSleepMilliseconds = 24 * 3_600_000;

/**
 * Runs the scheduled rules. As on AWS, a rule fires for the first time one interval after it was made, an
 * invocation is not waited for, and so a slow target may overlap with its next run. Intervals that passed unseen
 * (a laptop that slept) are not made up for: the rule then fires once.
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
