import type {
  HeldMessage,
  ReceiveRequest,
} from "../../../../packages/aws-local/eventSourceMapping/gatherBatch.ts";

export interface Arrival {
  at: number;
  bytes: number;
}

/** A queue whose messages arrive at set times, on a clock that moves only when somebody waits. */
export class ScriptedQueue {
  readonly requests: ReceiveRequest[] = [];
  readonly closing = new AbortController();
  #now = 0;
  #next = 0;
  readonly #arrivals: readonly Arrival[];

  constructor(arrivals: readonly Arrival[]) {
    this.#arrivals = [...arrivals].sort((one, other) => one.at - other.at);
  }

  readonly clock = {
    now: () => this.#now,
    sleep: async (milliseconds: number) => {
      this.#now += milliseconds;
    },
  };

  readonly receive = async (request: ReceiveRequest): Promise<HeldMessage[]> => {
    this.requests.push(request);
    const nextAt = this.#arrivals[this.#next]?.at ?? Number.POSITIVE_INFINITY;
    const giveUpAt = this.#now + request.waitSeconds * 1000;
    if (nextAt > this.#now) this.#now = Math.min(nextAt, giveUpAt);
    const received: HeldMessage[] = [];
    for (;;) {
      const arrival = this.#arrivals[this.#next];
      if (!arrival || arrival.at > this.#now || received.length === request.maximum) return received;
      received.push(held(String(this.#next), arrival.bytes, this.#now));
      this.#next += 1;
    }
  };
}

export function held(messageId: string, bytes: number, receivedAt: number): HeldMessage {
  const record = {
    messageId,
    receiptHandle: messageId,
    body: "",
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "0",
      SenderId: "",
      ApproximateFirstReceiveTimestamp: "0",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "",
    awsRegion: "",
  };
  return { record, bytes, receivedAt };
}
