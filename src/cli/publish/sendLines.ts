import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { eventBridgeBus, sleep } from "../../events/eventBridge/eventBridgeBus.ts";
import type { EventLine } from "../../events/eventLines.ts";
import { publishEvents } from "../../events/publishEvents.ts";
import { catchInterruption } from "../interruption.ts";
import { paint, type Terminal } from "../terminal.ts";
import { conclude } from "./conclude.ts";
import type { RejectedFile } from "./rejectedFile.ts";
import { reportLines } from "./reportLines.ts";
import type { PublishRequest } from "./runPublish.ts";

/**
 * Publishes the lines and gives the exit code. Interrupted, it lets the calls under way finish and keeps
 * every line that was not sent among the rejected ones, to the end of the input.
 */
export async function sendLines(
  { bus, unchecked = false, json = false }: PublishRequest,
  lines: AsyncIterable<EventLine>,
  client: EventBridgeClient,
  rejected: RejectedFile,
  terminal: Terminal,
): Promise<number> {
  const startedAt = performance.now();
  const interruption = catchInterruption(() => {
    const text = "Interrupted: saving what was not sent. Press Ctrl-C again to quit at once.";
    terminal.stderr.write(`\n${paint(terminal.stderr, "yellow", text)}\n`);
  });
  try {
    const results = publishEvents(lines, {
      bus: eventBridgeBus(client, bus),
      sleep,
      random: Math.random,
      unchecked,
      signal: interruption.signal,
    });
    const tally = await reportLines(results, terminal, rejected.write);
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    const summary = { kind: "published", bus, seconds, tally, rejectedPath: rejected.path } as const;
    const exitCode = conclude(summary, json, terminal);
    return interruption.exitCode() ?? exitCode;
  } finally {
    interruption.dispose();
  }
}
