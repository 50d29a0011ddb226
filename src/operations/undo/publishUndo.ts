import type { EventLine } from "../../events/eventLines.ts";
import { type PublishOptions, publishEvents } from "../../events/publishEvents.ts";
import type { Approval, Undos } from "../../ledger/operatorDecisions.ts";
import type { Redact } from "../displayText.ts";
import { toRejection } from "../publishLines.ts";
import { toUndoLine, type UndoDraft, undoId } from "./undoEvents.ts";

export interface PublishUndoPorts {
  undos: Undos;
  bus: PublishOptions["bus"];
  sleep: PublishOptions["sleep"];
  random: PublishOptions["random"];
  /** Once it is aborted, nothing new is begun. */
  signal: AbortSignal;
  onProgress: (progress: { done: number; all: number }) => void;
  redact: Redact;
}

/** What was published of a plan. */
export interface UndoReport {
  /** The correlation id of the events. */
  run: string;
  published: number;
  /** Not reached, because the command was interrupted. */
  untouched: number;
  failed: { personId: string; eventId: string; reason: string }[];
}

/** As many as are put on record before their events are published: after an interruption few have the one without the other. */
const atOnce = 250;

/**
 * Publishes a plan's events in the operator's name. Each is put on record first, in the entry of the event that it undoes. To do it
 * again does no harm: the events have the same ids, and the ledger takes them for duplicates.
 */
export async function publishUndo(
  drafts: readonly UndoDraft[],
  approval: Approval,
  ports: PublishUndoPorts,
): Promise<UndoReport> {
  const { signal, onProgress } = ports;
  const run = { id: `undo-${new Date(approval.now).toISOString()}`, at: approval.now };
  const report: UndoReport = { run: run.id, published: 0, untouched: 0, failed: [] };
  for (let start = 0; start < drafts.length; start += atOnce) {
    const part = drafts.slice(start, start + atOnce);
    if (signal.aborted) report.untouched += part.length;
    else await publishPart(part, { run, approval, ports, report });
    onProgress({ done: Math.min(start + atOnce, drafts.length), all: drafts.length });
  }
  return report;
}

async function publishPart(
  part: readonly UndoDraft[],
  {
    run,
    approval,
    ports,
    report,
  }: { run: { id: string; at: number }; approval: Approval; ports: PublishUndoPorts; report: UndoReport },
): Promise<void> {
  const { undos, redact, bus, sleep, random, signal } = ports;
  const fail = ({ change }: UndoDraft, reason: string) =>
    report.failed.push({
      personId: redact(change.personId),
      eventId: redact(undoId(change)),
      reason: redact(reason),
    });
  const answers = await undos.record(
    part.map(({ change }) => ({
      personId: change.personId,
      eventId: change.standing.eventId,
      by: undoId(change),
    })),
    approval,
  );
  const signed = part.filter((draft, index) => {
    const answer = answers[index];
    if (answer?.kind === "done") return true;
    fail(draft, answer?.reason ?? "the journal gave no answer");
    return false;
  });
  const lines = signed.map(
    (draft, index): EventLine => ({
      number: index + 1,
      bytes: Buffer.from(toUndoLine(draft, run)),
    }),
  );
  for await (const result of publishEvents(lines, { bus, sleep, random, unchecked: false, signal })) {
    const draft = signed[result.line.number - 1];
    const rejection = toRejection(result);
    if (rejection === undefined) report.published += 1;
    else if (draft !== undefined) fail(draft, rejection.reasons.join("; "));
  }
}
