import type { Stack } from "@rollcall/aws-local/stack";
import { type Seed, seededFraction } from "@rollcall/simulated-service/seededDraws";
import pMap from "p-map";
import { dynamoHeldDecisions } from "../../src/ledger/dynamo/dynamoHeldDecisions.ts";
import type { StoredHeldDecision } from "../../src/ledger/pendingStore.ts";
import { dynamoSafeguardStore } from "../../src/safeguard/dynamo/dynamoSafeguardStore.ts";
import { resetLatch } from "../../src/safeguard/safeguard.ts";

/** What an operator did about the suspensions that the safeguard held. */
export interface OperatorRecord {
  /** The ids of the events that were held, released or to be discarded. An event may be both held and released several times. */
  held: ReadonlySet<string>;
  released: ReadonlySet<string>;
  /** Discards that were tried: an answer may have been lost. */
  discardsTried: ReadonlySet<string>;
  discarded: ReadonlySet<string>;
  resets: number;
  /** Acts that a fault of DynamoDB ended. They are done again. */
  failures: number;
}

export interface HeldOperator {
  record: OperatorRecord;
  /** Ends the operator's work, and waits for what is under way. */
  stop(): Promise<void>;
}

const betweenRoundsMilliseconds = 1_500;
const actsAtOnce = 8;

/**
 * Plays the operator: looks every second or two at who is held, releases most and discards some, and opens the latches now and
 * then. What becomes of an event follows from the seed and its id. The requests meet the same faults as those of the functions.
 *
 * @param now the clock of the run
 */
export function startHeldOperator(
  seed: Seed,
  { dynamo, model }: Pick<Stack, "dynamo" | "model">,
  now: () => number,
): HeldOperator {
  const table = { dynamo: dynamo.client, tableName: String(model.tables[0]?.name) };
  const decisions = dynamoHeldDecisions(table);
  const safeguard = dynamoSafeguardStore(table);
  const record = {
    held: new Set<string>(),
    released: new Set<string>(),
    discardsTried: new Set<string>(),
    discarded: new Set<string>(),
    resets: 0,
    failures: 0,
  };
  const attempt = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch {
      // By an injected fault. The next round does it again, and a run in which it never succeeds is stuck.
      record.failures += 1;
    }
  };
  const decide = async (decision: StoredHeldDecision) => {
    const { eventId } = decision;
    const approval = { by: "operator", now: now(), note: "a chaos run" };
    record.held.add(eventId);
    if (isDiscarded(seed, eventId)) {
      record.discardsTried.add(eventId);
      const { kind } = await decisions.discard(decision, approval);
      if (kind === "discarded") record.discarded.add(eventId);
    } else {
      const { kind } = await decisions.release(decision, approval);
      if (kind === "released") record.released.add(eventId);
    }
  };
  const round = async (nth: number) => {
    await attempt(async () => {
      const held: StoredHeldDecision[] = [];
      for await (const decision of decisions.list()) held.push(decision);
      await pMap(held, (decision) => attempt(() => decide(decision)), { concurrency: actsAtOnce });
    });
    await attempt(async () => {
      for (const { accountId, state } of await safeguard.list()) {
        if (state.latch === undefined || seededFraction(seed, `reset ${accountId} ${nth}`) >= 0.5) continue;
        await resetLatch(safeguard, accountId, { by: "operator", note: "a chaos run" }, now());
        record.resets += 1;
      }
    });
  };
  let nth = 0;
  let underWay: Promise<void> = Promise.resolve();
  let isUnderWay = false;
  const timer = setInterval(() => {
    if (isUnderWay) return;
    isUnderWay = true;
    nth += 1;
    underWay = round(nth).finally(() => {
      isUnderWay = false;
    });
  }, betweenRoundsMilliseconds);
  return {
    record,
    async stop() {
      clearInterval(timer);
      await underWay;
    },
  };
}

/** One in four of those who are held is held wrongly. */
function isDiscarded(seed: Seed, eventId: string): boolean {
  return seededFraction(seed, `operator ${eventId}`) < 0.25;
}
