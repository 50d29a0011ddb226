import type { EventLine } from "../events/readLines.ts";
import type { Change } from "./comparison.ts";
import { inPublishOrder } from "./planCalls.ts";
import { toEventLine } from "./toEventLine.ts";

/** The lines that publish the changes' events, leavers first. */
export async function* eventLines(changes: readonly Change[]): AsyncGenerator<EventLine> {
  for (const [index, change] of inPublishOrder(changes).entries())
    yield { number: index + 1, bytes: Buffer.from(`${toEventLine(change)}\n`) };
}
