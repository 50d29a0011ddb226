import { type Intent, pipelineNames } from "../pipelineSettings.ts";

/** A dead-letter queue belongs to a pipeline, or to the queue that receives Okta's events. Not every stack has the latter. */
export type DeadLetterSource = Intent | "okta";

/** In the order in which they are listed. */
export const deadLetterSources: readonly DeadLetterSource[] = [...pipelineNames, "okta"];

/** These message attributes say why a message was rejected. Its body stays as it came. */
export const deadLetterAttributes = {
  pipeline: "RollcallPipeline",
  code: "RollcallCode",
  reason: "RollcallReason",
  requestId: "RollcallRequestId",
  messageId: "RollcallMessageId",
  firstReceivedAt: "RollcallFirstReceivedAt",
  rejectedAt: "RollcallRejectedAt",
} as const;
