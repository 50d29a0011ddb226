import type { SQSClient } from "@aws-sdk/client-sqs";
import { batchSender, type SendMessage } from "./batchSender.ts";
import type { Deliver } from "./delivery.ts";

export type Permission = { isAllowed: true } | { isAllowed: false; reason: string };

interface SqsTargetOptions {
  client: SQSClient;
  /** The URL of a queue, or nothing if no such queue exists. */
  queueUrl: (queueArn: string) => string | undefined;
  /** Whether the queue's policy lets EventBridge send on behalf of that rule. */
  mayDeliver: (request: { ruleArn: string; queueArn: string }) => Permission;
}

/**
 * Delivers events to SQS queues through the real client. What AWS would refuse is refused here as well:
 * NO_RESOURCE for a queue that is not there, NO_PERMISSIONS for one whose policy does not name the rule.
 */
export function sqsTarget({ client, queueUrl, mayDeliver }: SqsTargetOptions): Deliver {
  const senders = new Map<string, SendMessage>();

  function senderTo(url: string): SendMessage {
    const sender = senders.get(url) ?? batchSender(client, url);
    senders.set(url, sender);
    return sender;
  }

  return async ({ ruleArn, receiverArn, body, attributes }) => {
    const url = queueUrl(receiverArn);
    if (url === undefined) {
      const message = `No queue has the ARN ${receiverArn}. Only SQS queues of the same template can be targets.`;
      return { kind: "failed", code: "NO_RESOURCE", message, isRetryable: false };
    }
    const permission = mayDeliver({ ruleArn, queueArn: receiverArn });
    if (!permission.isAllowed) {
      return { kind: "failed", code: "NO_PERMISSIONS", message: permission.reason, isRetryable: false };
    }
    return senderTo(url)({ body, attributes });
  };
}
