import type { SQSRecord } from "aws-lambda";
import { DEFAULT_SOURCE } from "../../src/events/hrEvent.ts";
import { localAccount } from "../../src/local/stack/localAccount.ts";
import { personOf, wantedLicense } from "./people.ts";
import type { Change } from "./scenarios.ts";

const decidedAt = "2026-01-05T09:00:00Z";
const { accountId, region } = localAccount;

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
