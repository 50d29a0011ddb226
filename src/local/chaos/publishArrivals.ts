import { eventBridgeBus } from "../../events/eventBridgeBus.ts";
import { publishEvents } from "../../events/publishEvents.ts";
import type { EventLine } from "../../events/readLines.ts";
import { sleep } from "../../events/sleep.ts";
import type { Stack } from "../stack/stack.ts";
import type { HrLine } from "./stream/hrLine.ts";

/**
 * Publishes the events in their order, as `rollcall publish` does, and gives back how many the bus took. Throws if it
 * would not take one, because then the rest of the run would prove nothing, and if `signal` ends the run.
 */
export async function publishArrivals(
  stack: Pick<Stack, "model" | "eventBridge">,
  lines: readonly HrLine[],
  { onPublished, signal }: { onPublished: (count: number) => void; signal: AbortSignal },
): Promise<number> {
  const [{ name } = { name: "default" }] = stack.model.buses;
  const bus = eventBridgeBus(stack.eventBridge, name);
  let count = 0;
  const results = publishEvents(lines.map(toEventLine), { bus, sleep, random: Math.random, signal });
  for await (const { line, ...result } of results) {
    if (result.status !== "accepted") {
      throw new Error(`The bus did not take event ${line.number}: ${JSON.stringify(result)}`);
    }
    count += 1;
    onPublished(count);
  }
  return count;
}

function toEventLine(line: HrLine, index: number): EventLine {
  return { number: index + 1, bytes: Buffer.from(JSON.stringify(line)) };
}
