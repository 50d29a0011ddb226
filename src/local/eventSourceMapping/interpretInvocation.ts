import type { Invocation } from "../lambda/invocation.ts";
import { interpretResponse, retryAll, type Verdict } from "./interpretResponse.ts";

/** What Lambda does with the messages of a batch, whatever became of the invocation. */
export function interpretInvocation(
  invocation: Invocation,
  messageIds: readonly string[],
  reportsBatchItemFailures: boolean,
): Verdict {
  switch (invocation.kind) {
    case "response":
      return interpretResponse({ payload: invocation.payload, messageIds, reportsBatchItemFailures });
    case "error":
    case "timeout":
    case "crashed":
      return retryAll(messageIds, invocation.kind);
  }
}
