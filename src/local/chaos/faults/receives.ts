import * as z from "zod";
import type { StartedInvocation } from "../../lambda/startLambda.ts";
import { eventIdOfBody } from "../stream/eventIdOf.ts";

/** What was handed to the functions. */
export interface Receives {
  onInvocation: (started: Pick<StartedInvocation, "payload">) => void;
  /** The highest count of receives that a message of the event has come with. */
  most: ReadonlyMap<string, number>;
  /** Records that had been handed out before. */
  redelivered: () => number;
}

const batch = z.object({
  Records: z.array(
    z.object({ body: z.string(), attributes: z.object({ ApproximateReceiveCount: z.coerce.number() }) }),
  ),
});

export function countReceives(): Receives {
  const most = new Map<string, number>();
  let redelivered = 0;
  return {
    most,
    redelivered: () => redelivered,
    onInvocation: ({ payload }) => {
      const parsed = batch.safeParse(payload);
      // The function that publishes what is due gets a scheduled event instead.
      if (!parsed.success) return;
      for (const { body, attributes } of parsed.data.Records) {
        const count = attributes.ApproximateReceiveCount;
        if (count > 1) redelivered += 1;
        const id = eventIdOfBody(body) ?? "";
        most.set(id, Math.max(count, most.get(id) ?? 0));
      }
    },
  };
}
