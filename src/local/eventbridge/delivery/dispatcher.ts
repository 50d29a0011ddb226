import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { BusReport } from "../busReport.ts";
import { recordOutcome } from "../busReport.ts";
import type { BusRule, RuleTarget } from "../busRule.ts";
import type { EventEnvelope } from "../eventEnvelope.ts";
import type { BusFaults } from "../faults.ts";
import { pendingWork } from "../pendingWork.ts";
import { deliverToTarget, type RetrySchedule, type TargetOutcome } from "./deliverToTarget.ts";
import type { Deliver } from "./delivery.ts";

interface Job {
  rule: BusRule;
  target: RuleTarget;
  event: EventEnvelope;
  body: string;
}

interface Dispatcher {
  /** Starts a delivery and returns at once. */
  start: (job: Job) => void;
  idle: () => Promise<void>;
  /** Ends every wait; what was waiting is dropped, and the report says so. */
  close: () => Promise<void>;
}

interface DispatcherOptions {
  deliver: Deliver;
  retries: RetrySchedule;
  fault: NonNullable<BusFaults["delivery"]>;
  /** Written to as deliveries end. */
  report: BusReport;
}

/** Runs deliveries side by side, with the faults that a test has scripted, and counts how they end. */
export function createDispatcher({ deliver, retries, fault, report }: DispatcherOptions): Dispatcher {
  const closing = new AbortController();
  // Every wait listens to it, and there is no limit to how many may wait.
  setMaxListeners(0, closing.signal);
  const pending = pendingWork();
  const wait = (milliseconds: number) => sleep(milliseconds, undefined, { signal: closing.signal });
  let count = 0;

  async function run(job: Job, delayMilliseconds: number): Promise<TargetOutcome> {
    try {
      if (delayMilliseconds > 0) await wait(delayMilliseconds);
      return await deliverToTarget(job, { deliver, retries, wait });
    } catch (error) {
      if (!closing.signal.aborted) throw error;
      const message = "The bus was closed before the event was delivered.";
      const failure = { kind: "failed", code: "INTERNAL_ERROR", message, isRetryable: true } as const;
      return { kind: "dropped", failure };
    }
  }

  return {
    start: (job) => {
      const { event, rule, target } = job;
      const scripted = fault({ index: count++, event, targetArn: target.arn }) ?? {};
      const message = { eventId: event.id, ruleArn: rule.arn, targetArn: target.arn };
      for (let copy = 0; copy < (scripted.copies ?? 1); copy++) {
        pending.add(async () => {
          recordOutcome(report, await run(job, scripted.delayMilliseconds ?? 0), message);
        });
      }
    },
    idle: pending.idle,
    close: () => {
      closing.abort();
      return pending.idle();
    },
  };
}
