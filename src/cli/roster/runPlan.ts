import type { RosterPlan } from "../../reconcile/planRoster.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { exitCodes } from "../exitCodes.ts";
import { shownText } from "../ledger/shownText.ts";
import { screenOf } from "../screen.ts";
import type { OutputStream, Terminal } from "../terminal.ts";
import { makePlan } from "./makePlan.ts";
import { planLines } from "./planLines.ts";
import type { RosterRequest } from "./rosterOptions.ts";
import { takeRoster } from "./takeRoster.ts";
import { toPlanReport } from "./toPlanReport.ts";

/** The options of `rollcall plan`. */
export interface PlanRequest extends RosterRequest {
  /** Tell by the exit code whether there is something to do. */
  exitCode?: boolean;
}

/** Shows what a sync would do, and does nothing. */
export async function runPlan(request: PlanRequest, terminal: Terminal): Promise<CommandEnd> {
  const taken = await takeRoster(request, terminal);
  if (taken.kind !== "taken") return taken;
  const made = await makePlan(taken.hand, request.chimeEndpoint, terminal);
  if (made.kind !== "planned") return made;
  showPlan(made.plan, request, terminal.stdout);
  const isDue = request.exitCode === true && made.plan.changes.length > 0;
  return { kind: "done", exitCode: isDue ? exitCodes.somethingToDo : exitCodes.done };
}

/** Writes the plan, for people or as one JSON object, which always holds everybody. */
export function showPlan(
  plan: RosterPlan,
  { json = false, all = false }: Pick<RosterRequest, "json" | "all">,
  output: OutputStream,
): void {
  const report = toPlanReport(plan, shownText({ typed: undefined, forTerminal: !json }));
  if (json) output.write(`${JSON.stringify(report)}\n`);
  else for (const line of planLines(report, screenOf(output), all)) output.write(`${line}\n`);
}
