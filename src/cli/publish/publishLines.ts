import type { EventLine } from "../../events/eventLines.ts";
import { createEventBridgeClient } from "../aws/eventBridgeClient.ts";
import type { CommandEnd } from "../commandEnd.ts";
import type { Terminal } from "../terminal.ts";
import { findBusFault } from "./findBusFault.ts";
import { openRejectedFile } from "./rejectedFile.ts";
import type { PublishRequest } from "./runPublish.ts";
import { sendLines } from "./sendLines.ts";

/**
 * Publishes lines of events and says what became of them. The bus, and where rejected lines go, are looked at before
 * anything is sent.
 */
export async function publishLines(
  request: PublishRequest,
  lines: AsyncIterable<EventLine>,
  rejectedPath: string,
  terminal: Terminal,
): Promise<CommandEnd> {
  const client = createEventBridgeClient(request);
  try {
    const fault = await findBusFault(client, request.bus);
    if (fault !== undefined) return { kind: "misused", message: fault };
    const rejected = await openRejectedFile(
      { named: request.rejected, byDefault: rejectedPath },
      request.file,
    );
    if (rejected.kind === "failed") return { kind: "misused", message: rejected.message };
    try {
      return { kind: "done", exitCode: await sendLines(request, lines, client, rejected.file, terminal) };
    } finally {
      await rejected.file.close();
    }
  } finally {
    client.destroy();
  }
}
