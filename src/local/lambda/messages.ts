import { z } from "zod";

/** What the parent asks of an execution environment. Payloads cross as JSON text, as they do in AWS. */
export interface InvokeMessage {
  requestId: string;
  payload: string;
  /** Milliseconds since the epoch; `getRemainingTimeInMillis` counts down to it. */
  deadline: number;
  invokedFunctionArn: string;
}

const failure = { errorType: z.string(), errorMessage: z.string(), stack: z.string().optional() };

/** What an execution environment tells its parent; checked, because a handler can write to the channel too. */
export const childMessage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("initError"), ...failure }),
  z.object({ kind: z.literal("response"), requestId: z.string(), payload: z.string() }),
  z.object({ kind: z.literal("error"), requestId: z.string(), ...failure }),
]);

export type ChildMessage = z.output<typeof childMessage>;
