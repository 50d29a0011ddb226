import type { Intent } from "../../../src/pipelines.ts";
import type { HrDecision } from "./scenario.ts";

/** A copy of a decision's event in a pipeline's queue. */
export interface Message {
  decision: HrDecision;
  body: string;
  receives: number;
  /** Not before then, once faults have stopped. Milliseconds since the epoch. */
  visibleAt: number;
}

/** The queues of the pipelines: at least once, in any order. */
export interface Queues {
  waiting(pipeline: Intent): readonly Message[];
  all(): readonly Message[];
  send(decision: HrDecision, body: string, receives?: number): void;
  /** Hands messages out; whoever got them puts them back, or they are gone. */
  take(messages: readonly Message[]): void;
  putBack(messages: readonly Message[], visibleAt: number): void;
}

export function createQueues(): Queues {
  let waiting: Message[] = [];
  return {
    waiting: (pipeline) => waiting.filter(({ decision }) => decision.intent === pipeline),
    all: () => waiting,
    send(decision, body, receives = 0) {
      waiting.push({ decision, body, receives, visibleAt: 0 });
    },
    take(messages) {
      waiting = waiting.filter((message) => !messages.includes(message));
      for (const message of messages) message.receives += 1;
    },
    putBack(messages, visibleAt) {
      for (const message of messages) waiting.push(Object.assign(message, { visibleAt }));
    },
  };
}
