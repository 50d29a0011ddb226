import { type EventLine, readLines } from "../../events/eventLines.ts";
import type { CommandEnd } from "../commandEnd.ts";
import type { Terminal } from "../terminal.ts";
import { conclude } from "./conclude.ts";
import { openInput } from "./input.ts";
import { checkLines } from "./lineResult.ts";
import { publishLines } from "./publishLines.ts";
import { reportLines } from "./reportLines.ts";

/** The arguments and options of `rollcall publish`. */
export interface PublishRequest {
  file: string;
  bus: string;
  endpoint?: string;
  region?: string;
  rejected?: string;
  unchecked?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

/** Reads the lines, sends or only checks them, and says what became of them. */
export async function runPublish(request: PublishRequest, terminal: Terminal): Promise<CommandEnd> {
  const input = await openInput(request.file, terminal.stdin);
  if (input.kind === "unreadable") return { kind: "misused", message: input.message };
  const lines = readLines(input.bytes);
  if (request.dryRun) return { kind: "done", exitCode: await rehearse(request, lines, terminal) };
  return publishLines(request, lines, input.rejectedPath, terminal);
}

async function rehearse(
  { unchecked = false, json = false }: PublishRequest,
  lines: AsyncIterable<EventLine>,
  terminal: Terminal,
): Promise<number> {
  const tally = await reportLines(checkLines(lines, unchecked), terminal, async () => {});
  return conclude({ kind: "dryRun", tally }, json, terminal);
}
