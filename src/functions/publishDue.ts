import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { Context } from "aws-lambda";
import * as z from "zod";
import { eventBridgeBus } from "../events/eventBridgeBus.ts";
import { sleep } from "../events/sleep.ts";
import { dynamoPendingStore } from "../ledger/dynamo/dynamoPendingStore.ts";
import { publishDue } from "../ledger/publishDue.ts";
import { clientTimeouts } from "./clientTimeouts.ts";
import { readEnvironment } from "./readEnvironment.ts";
import { writeLog } from "./writeLog.ts";

const settings = readEnvironment(
  z.object({ TABLE_NAME: z.string().min(3), EVENT_BUS_NAME: z.string().min(1) }),
  process.env,
);
const dynamo = new DynamoDBClient({ maxAttempts: 3, requestHandler: clientTimeouts });
const pending = dynamoPendingStore({ dynamo, tableName: settings.TABLE_NAME });
const bus = eventBridgeBus(
  new EventBridgeClient({ maxAttempts: 1, requestHandler: clientTimeouts }),
  settings.EVENT_BUS_NAME,
);

/** Kept for what is under way when the time is nearly over; what was not sent is sent a minute later. */
const reserveMilliseconds = 15_000;

/** Runs every minute. Throws if the store fails, so that Lambda counts an error and tries again. */
export async function handler(_event: unknown, context: Context): Promise<void> {
  const signal = AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - reserveMilliseconds));
  const { published, unpublished } = await publishDue({
    pending,
    bus,
    sleep,
    random: Math.random,
    signal,
    now: Date.now(),
  });
  for (const { eventId, reason } of unpublished) {
    writeLog({ level: "error", message: "a decision that is due could not be published", eventId, reason });
  }
  writeLog({ level: "info", message: "published what was due", published, unpublished: unpublished.length });
}
