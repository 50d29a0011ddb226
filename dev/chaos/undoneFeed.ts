import { setTimeout as pause } from "node:timers/promises";
import type { Stack } from "@rollcall/aws-local/stack";
import { type Seed, seededFraction } from "@rollcall/simulated-service/seededDraws";
import { eventBridgeBus, sleep } from "../../src/events/eventBridge/eventBridgeBus.ts";
import type { EventBus } from "../../src/events/eventBus.ts";
import { dynamoHistory } from "../../src/ledger/dynamo/dynamoHistory.ts";
import { dynamoUndos } from "../../src/ledger/dynamo/operators/dynamoUndos.ts";
import { prepareUndo } from "../../src/operations/undo/prepareUndo.ts";
import { publishUndo } from "../../src/operations/undo/publishUndo.ts";
import type { HrEventLine } from "./drawDecisions.ts";

/** Of one person in so many everything that was decided until the middle of the run was wrong. */
const oneWrongIn = 6;
const tries = 20;
const betweenTriesMilliseconds = 500;

/**
 * Plays the operator who undoes in the midst of a run what was decided about some people, while workers are killed and requests fail.
 * Returns the events that were published: what they want is decided by the journal, and their order is for the oracle to say.
 */
export async function undoInTheMiddle(
  seed: Seed,
  { dynamo, eventBridge, model }: Pick<Stack, "dynamo" | "eventBridge" | "model">,
  people: readonly string[],
  now: () => number,
): Promise<HrEventLine[]> {
  const table = { dynamo: dynamo.client, tableName: String(model.tables[0]?.name) };
  const published: HrEventLine[] = [];
  const bus = eventBridgeBus(eventBridge, model.buses[0]?.name ?? "default");
  const recording: EventBus = {
    put: async (entries, ...rest) => {
      for (const { detailType, detail } of entries)
        published.push({ "detail-type": detailType, detail: JSON.parse(detail) } as HrEventLine);
      return bus.put(entries, ...rest);
    },
  };
  const wrong = new Set(people.filter((id) => seededFraction(seed, `undo ${id}`) < 1 / oneWrongIn));
  const unread = {
    class: "unknown",
    code: "NotAsked",
    message: "no account is read in a chaos run",
  } as const;
  const undo = async () => {
    const { drafts } = await prepareUndo(
      { since: now() - longestRunMilliseconds, until: now(), people: wrong },
      {
        history: dynamoHistory(table),
        table: table.tableName,
        now,
        readAccount: async () => ({ kind: "failed", failure: unread }),
        findAfterSuspension: () => ({ signOut: false, resetPin: false, license: undefined }),
        onProgress: () => undefined,
      },
    );
    const signal = new AbortController().signal;
    const ports = { undos: dynamoUndos(table), bus: recording, sleep, random: Math.random, signal };
    const approval = { by: "operator", note: "a chaos run", now: now() };
    return publishUndo(drafts, approval, { ...ports, onProgress: () => undefined, redact: String });
  };
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    try {
      const { failed } = await undo();
      if (failed.length === 0) break;
    } catch {
      // By an injected fault: to do it again does no harm.
    }
    await pause(betweenTriesMilliseconds);
  }
  return [...new Map(published.map((line) => [line.detail.metadata.id, line])).values()];
}

/** The clock of a run leaps over a day at most. */
const longestRunMilliseconds = 3 * 86_400_000;
