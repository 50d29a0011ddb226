import { fileRosterMemory } from "../../reconcile/file/fileRosterMemory.ts";
import { eventLines, type RosterPlan } from "../../reconcile/planRoster.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { confirm, nobodyToAsk } from "../confirm.ts";
import { exitCodes } from "../exitCodes.ts";
import { publishLines } from "../publish/publishLines.ts";
import type { PublishRequest } from "../publish/runPublish.ts";
import { countOf, type Terminal } from "../terminal.ts";
import { makePlan } from "./makePlan.ts";
import type { RosterRequest } from "./rosterOptions.ts";
import { showPlan } from "./runPlan.ts";
import { takeRoster } from "./takeRoster.ts";

/** The options of `rollcall sync`. */
export interface SyncRequest
  extends RosterRequest,
    Pick<PublishRequest, "bus" | "endpoint" | "region" | "rejected"> {
  memory: string;
  yes?: boolean;
}

/**
 * Shows the plan, asks, and publishes its events. The roster is remembered once the bus has accepted all of them, or if
 * there was nothing to do.
 */
export async function runSync(request: SyncRequest, terminal: Terminal): Promise<CommandEnd> {
  const { yes = false, json = false } = request;
  if (!yes && !terminal.stdin.isTTY)
    return { kind: "misused", message: `${nobodyToAsk("publish")}; nothing was published` };
  const taken = await takeRoster(request, terminal);
  if (taken.kind !== "taken") return taken;
  const made = await makePlan(taken.hand, request.chimeEndpoint, terminal);
  if (made.kind !== "planned") return made;
  const { plan } = made;
  // What it comes to is the result; what was planned is said meanwhile.
  showPlan(plan, { ...request, json: false }, json ? terminal.stderr : terminal.stdout);
  if (plan.changes.length > 0) {
    if (!yes && !(await isMeant(plan, terminal))) {
      terminal.stderr.write("Nothing was published.\n");
      return { kind: "done", exitCode: exitCodes.incomplete };
    }
    const end = await publishLines(
      { ...request, file: request.roster },
      eventLines(plan.changes),
      taken.rejectedPath,
      terminal,
    );
    if (end.kind !== "done" || end.exitCode !== exitCodes.done) return end;
  } else if (json) terminal.stdout.write(`${JSON.stringify({ events: 0, accepted: 0 })}\n`);
  await fileRosterMemory(request.memory).remember({ present: plan.counts.present, asOf: plan.asOf });
  return { kind: "done", exitCode: exitCodes.done };
}

function isMeant({ changes }: RosterPlan, terminal: Terminal): Promise<boolean> {
  return confirm(`Publish ${countOf(changes.length, "event")}?`, terminal, new AbortController().signal);
}
