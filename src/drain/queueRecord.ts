/** A queue message as the drain sees it. */
export interface QueueRecord {
  body: string;
  /** How often the queue has handed the message out, this time included. */
  receiveCount: number;
  /** When the queue first handed the message out. Milliseconds since the epoch. */
  receivedAt: number;
}
