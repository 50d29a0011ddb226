import type { SQSRecord } from "aws-lambda";
import { seededRandom } from "../../dev/sampleDay/seededRandom.ts";
import { devAccount } from "../../dev/service/devAccount.ts";
import { DEFAULT_SOURCE } from "../../src/events/hrEvent.ts";
import { pipelines } from "../../src/pipelineSettings.ts";
import { personOf, wantedLicense } from "./people.ts";

/** One thing that HR wants of one person. */
export interface Change {
  /** The person's, from 1. */
  ordinal: number;
  intent: "offboard" | "relicense";
  /** The event names no user id, so the directory has to be asked for it. */
  byEmail: boolean;
  /** The directory refuses this user. */
  fails: boolean;
}

interface Scenario {
  title: string;
  /** The n-th change, from 0. */
  change: (n: number) => Omit<Change, "ordinal">;
}

const suspension = { intent: "offboard", byEmail: false, fails: false } as const;

/** What all contenders are put through. */
export const scenarios = {
  knownIds: { title: "Suspensions, user ids known", change: () => suspension },
  byEmail: {
    title: "Suspensions by e-mail, nothing cached",
    change: () => ({ ...suspension, byEmail: true }),
  },
  licenses: {
    title: "License changes, user ids known",
    change: () => ({ intent: "relicense", byEmail: false, fails: false }),
  },
  mix: {
    title: "Both, half of them by e-mail, 5 % of the users fail",
    change: (n) => ({
      intent: n % 2 === 0 ? "offboard" : "relicense",
      byEmail: n % 4 < 2,
      fails: n % 20 === Math.floor(n / 20) % 20,
    }),
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];

export function isScenarioName(value: unknown): value is ScenarioName {
  return typeof value === "string" && Object.hasOwn(scenarios, value);
}

/** Half of the directory stays as it is, so that a scan of it reads more than what is wanted. */
export const usersOfDirectory = (records: number) => 2 * records;

/**
 * The changes of a scenario, about people from all over the directory: next to each other in it, a scan would find
 * them sooner than it ever does in life. The same name and number give the same changes.
 */
export function changesOf(name: ScenarioName, records: number): Change[] {
  const ordinals = Array.from({ length: usersOfDirectory(records) }, (_, index) => index + 1);
  const { change } = scenarios[name];
  return seededRandom(1)
    .shuffle(ordinals)
    .slice(0, records)
    .map((ordinal, n) => ({ ordinal, ...change(n) }));
}

/** The batches in which Lambda would hand the changes out: one queue each, filled up to the pipeline's batch size. */
export function batchesOf(changes: readonly Change[]): Change[][] {
  return (["offboard", "relicense"] as const).flatMap((intent) => {
    const queue = changes.filter((change) => change.intent === intent);
    const { batchSize } = pipelines[intent];
    return Array.from({ length: Math.ceil(queue.length / batchSize) }, (_, index) =>
      queue.slice(index * batchSize, (index + 1) * batchSize),
    );
  });
}

const decidedAt = "2026-01-05T09:00:00Z";
const { accountId, region } = devAccount;

/** A change as the function's event holds it: an HR event, in EventBridge's envelope, in a message of its queue. */
export function toSqsRecord(change: Change): SQSRecord {
  const { ordinal, intent } = change;
  const firstReceivedAt = String(Date.parse(decidedAt));
  return {
    messageId: messageIdOf(ordinal),
    receiptHandle: `receipt-${ordinal}`,
    body: JSON.stringify(toEnvelope(change)),
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: firstReceivedAt,
      SenderId: "AIDABENCH",
      ApproximateFirstReceiveTimestamp: firstReceivedAt,
    },
    messageAttributes: {},
    md5OfBody: "00000000000000000000000000000000",
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:${region}:${accountId}:${intent}`,
    awsRegion: region,
  };
}

export const messageIdOf = (ordinal: number) =>
  `11111111-1111-4111-8111-${String(ordinal).padStart(12, "0")}`;

function toEnvelope({ ordinal, intent, byEmail }: Change) {
  const { personId, email, userId } = personOf(ordinal);
  return {
    version: "0",
    id: `22222222-2222-4222-8222-${String(ordinal).padStart(12, "0")}`,
    "detail-type": intent === "offboard" ? "EmployeeLeft" : "LicenseChanged",
    source: DEFAULT_SOURCE,
    account: accountId,
    time: decidedAt,
    region,
    resources: [],
    detail: {
      metadata: { id: `hr-${ordinal}`, schemaVersion: "1.0", occurredAt: decidedAt },
      data: {
        personId,
        email,
        ...(!byEmail && { userId }),
        ...(intent === "relicense" && { licenseType: wantedLicense }),
      },
    },
  };
}
