import type { DeadLetterSource } from "./deadLetter.ts";

/** How many messages a pipeline's queue holds, about; SQS counts no better. */
export interface QueueDepth {
  pipeline: DeadLetterSource;
  /** To be received now. */
  visible: number;
  /** Received and not finished, or waiting for a back-off. */
  inFlight: number;
  /** Sent anew and not to be received yet. */
  delayed: number;
  deadLetters: number;
}

/** The port to the queues' depths. Throws what the queues' service throws. */
export interface QueueDepths {
  read(): Promise<QueueDepth[]>;
}
