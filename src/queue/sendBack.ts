import type { SQSClient } from "@aws-sdk/client-sqs";
import { putOff } from "./putOff.ts";
import type { QueueMessage } from "./queueMessage.ts";
import { renewAnywayFromReceive, renewFromReceive } from "./receives.ts";
import { longestDelaySeconds, type Renewal, renew } from "./renew.ts";

export interface Returning extends Renewal {
  /** Otherwise SQS's own limit of receives ends it. */
  mayBeRenewed: boolean;
}

/**
 * Sends messages back to their queue: each waits out its back-off, and those that have been there too often stand in it
 * anew, once their back-off is one that SQS grants to a new message. Only the `renewed` may be acknowledged.
 */
export async function sendBack(
  messages: readonly Returning[],
  queue: { sqs: SQSClient; url: string },
): Promise<{ renewed: Set<QueueMessage>; errors: unknown[] }> {
  const old = messages.filter(isOld);
  const anew = await renew(old, queue);
  const sent = new Set(old.filter((entry) => !anew.failed.has(entry)));
  const off = await putOff(
    messages.filter((entry) => !sent.has(entry)),
    queue,
  );
  const renewed = new Set([...sent].map(({ message }) => message));
  return { renewed, errors: [...anew.errors, ...off.errors] };
}

function isOld({ message, seconds, mayBeRenewed }: Returning): boolean {
  const from = seconds > longestDelaySeconds ? renewAnywayFromReceive : renewFromReceive;
  return mayBeRenewed && message.receiveCount >= from;
}
