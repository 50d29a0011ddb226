import type { Context } from "hono";
import {
  type DeadLetterPorts,
  type DeadLetterResult,
  type DeadLetterWarning,
  listDeadLetters,
  showDeadLetter,
} from "../../../operations/listDeadLetters.ts";
import {
  type DiscardKind,
  deletedKinds,
  discardDeadLetters,
  type RedriveKind,
  type ResolutionReport,
  redriveDeadLetters,
} from "../../../operations/resolveDeadLetters.ts";
import { countOf } from "../../../operations/words/plainWords.ts";
import { personQualifier } from "../../../policy/policyRules.ts";
import { deadLetterSources } from "../../../queue/deadLetter.ts";
import type { JobEnd, JobRun } from "../../server/jobs.ts";
import { type Room, reasonIn, reasonNeeded, refuse, textIn } from "../../server/room.tsx";
import { createSnapshots } from "../../server/snapshots.ts";
import { Notice } from "../../view/parts.tsx";
import { ReviewPage } from "../actPages.tsx";
import { DeadLettersPage, type LetterQuery, type LetterSnapshot } from "./deadLettersPage.tsx";
import { LetterPage } from "./letterPage.tsx";

const current = "/dead-letters";
const snapshotsKept = 30;

type LetterAction = "redrive" | "discard";

/** The messages that an act means. */
interface Selection {
  messageIds: readonly string[];
  action: LetterAction;
  because: string;
  command: string;
}

/** Dead letters: by code with advice, one in full, and what is done with them. */
export function addDeadLetterRoutes(room: Room): void {
  const { app, ports, jobs, view, show, ask, act } = room;
  const snapshots = createSnapshots<readonly string[]>(snapshotsKept);
  const selections = createSnapshots<Selection>(snapshotsKept);

  // It has the letters, so that a list would wait for its end, and show none of them.
  app.on("GET", [current, "/dead-letters/letter"], (c, next) => {
    const id = jobs.findRunning(current);
    return id === undefined ? next() : Promise.resolve(c.redirect(`/acts/${id}`, 303));
  });

  app.get(current, async (c) => {
    const filter = queryOf(c);
    const { result, warnings } = await withLetters(room, c.req.raw.signal, (letters) =>
      listDeadLetters(filter, letters),
    );
    if (result.kind !== "done") return refuse(room, c, { message: "Reading was interrupted.", current });
    const snapshot: LetterSnapshot = { report: result.report, filter, warnings };
    const token = snapshots.keep(result.report.letters.map(({ messageId }) => messageId));
    return show(c, <DeadLettersPage view={view(c)} token={token} snapshot={snapshot} />);
  });

  const showLetter = async (c: Context, id: string, isRevealed: boolean) => {
    const { result, warnings } = await withLetters(room, c.req.raw.signal, (letters) =>
      showDeadLetter(id, { isRevealed }, letters),
    );
    if (result.kind !== "done") return refuse(room, c, { message: goneText, current });
    const { letters } = result.report;
    const token = snapshots.keep(letters.map(({ messageId }) => messageId));
    return show(
      c,
      <LetterPage
        view={view(c)}
        letters={letters}
        warnings={warnings}
        isRevealed={isRevealed}
        token={token}
      />,
    );
  };
  app.get("/dead-letters/letter", (c) => showLetter(c, c.req.query("id") ?? "", false));
  ask("/dead-letters/reveal", (c, form) => showLetter(c, textIn(form, "id"), true));

  ask("/dead-letters/review", (c, form) => {
    const messageIds = snapshots.find(textIn(form, "snapshot"));
    if (messageIds === undefined) return refuse(room, c, { message: tooOld, current });
    const because = reasonIn(form);
    if (because === undefined) return refuse(room, c, { message: reasonNeeded, current });
    const rows = new Set(form.getAll("row"));
    const isMeant = (_: string, index: number) => textIn(form, "scope") === "all" || rows.has(String(index));
    const chosen = messageIds.filter(isMeant);
    if (chosen.length === 0) return refuse(room, c, { message: "No dead letter is ticked.", current });
    const action = textIn(form, "action") === "discard" ? "discard" : "redrive";
    const command = ports.commandLine(`dlq ${action}`, { options: { because }, ids: chosen });
    const selection = selections.keep({ messageIds: chosen, action, because, command });
    const letters = countOf(chosen.length, "dead letter");
    const { ask: verb, warning } = actionWords[action];
    return show(
      c,
      <ReviewPage
        view={view(c)}
        current={current}
        title={`${verb} ${letters}?`}
        action="/dead-letters/decide"
        fields={{ selection }}
        command={command}
        confirm={`${verb} ${letters} in ${ports.target.text}`}
        back={current}
      >
        <Notice tone="warn" title={warning}>
          <p>Reason, for the journal: {because}</p>
        </Notice>
      </ReviewPage>,
    );
  });

  act("/dead-letters/decide", (c, form) => {
    const selection = selections.find(textIn(form, "selection"));
    if (selection === undefined) return refuse(room, c, { message: tooOld, current });
    if (ports.actor.kind === "unknown") return refuse(room, c, { message: ports.actor.because, current });
    const { name: by } = ports.actor;
    const { action, command, messageIds } = selection;
    const about = {
      title: `${actionWords[action].progress} ${countOf(messageIds.length, "dead letter")}`,
      command,
      current,
      back: { href: current, text: "What is left?" },
    } as const;
    const id = jobs.start(about, (job) => decide(selection, by, room, job));
    return c.redirect(`/acts/${id}`, 303);
  });
}

const tooOld = "The list is too old, so nobody knows what it showed.";
export const goneText =
  "The dead letter is not there: it was redriven or discarded, or another reader has it for up to five minutes.";

const actionWords: Record<
  LetterAction,
  { ask: string; progress: string; warning: string; consequence: string }
> = {
  redrive: {
    ask: "Redrive",
    progress: "Redriving",
    warning: "They go back to their queues. Unless something was repaired, they come back here.",
    consequence: "Those redriven are carried out within a minute or two, if they can be.",
  },
  discard: {
    ask: "Discard",
    progress: "Discarding",
    warning: "They are deleted for good, and their events are never carried out.",
    consequence: "Those discarded are gone; the journal says who discarded them, and why.",
  },
};

function queryOf(c: Context): LetterQuery {
  const text = (name: string) => {
    const value = c.req.query(name)?.trim();
    return value === undefined || value === "" ? undefined : value;
  };
  const [code, person] = [text("code"), text("person")];
  const pipeline = deadLetterSources.find((source) => source === text("pipeline"));
  return {
    ...(pipeline !== undefined && { pipeline }),
    ...(code !== undefined && { code }),
    ...(person !== undefined && { person }),
  };
}

/** Two that read at once would hide the letters from each other, so they take turns. */
let turn: Promise<unknown> = Promise.resolve();

/** Runs an operation on the dead letters, and gathers its warnings. */
export function withLetters<Report>(
  { ports }: Room,
  signal: AbortSignal,
  use: (letters: DeadLetterPorts) => Promise<DeadLetterResult<Report>>,
): Promise<{ result: DeadLetterResult<Report>; warnings: DeadLetterWarning[] }> {
  const warnings: DeadLetterWarning[] = [];
  const mine = turn.then(async () => {
    const queues = await ports.openDeadLetterQueues();
    const { stack, now } = ports;
    const onWarning = (warning: DeadLetterWarning) => void warnings.push(warning);
    return { result: await use({ queues, stack, signal, now, onWarning }), warnings };
  });
  turn = mine.catch(() => undefined);
  return mine;
}

async function decide(
  { messageIds, action, because }: Selection,
  by: string,
  room: Room,
  { signal, onProgress }: JobRun,
): Promise<JobEnd> {
  onProgress({ done: 0, all: messageIds.length });
  const { ports } = room;
  const loaded = ports.loadPolicy();
  if (loaded.kind === "failed") throw new Error(loaded.message);
  const qualifyPerson = personQualifier(loaded.policy ?? {});
  const request = { listed: { ids: messageIds }, by, because };
  const { result, warnings } = await withLetters<ResolutionReport<DiscardKind | RedriveKind>>(
    room,
    signal,
    (letters) =>
      action === "redrive"
        ? redriveDeadLetters(request, { ...letters, redrives: ports.redrives, qualifyPerson })
        : discardDeadLetters(request, {
            ...letters,
            discards: ports.discards,
            qualifyPerson,
            confirm: async () => true,
          }),
  );
  if (result.kind !== "done") throw new Error("it was stopped before anything was done");
  return toEnd(action, result.report, warnings);
}

const doneKinds: readonly string[] = ["redriven", ...deletedKinds];

function toEnd(
  action: LetterAction,
  { counts, letters, notFound }: ResolutionReport<DiscardKind | RedriveKind>,
  warnings: readonly DeadLetterWarning[],
): JobEnd {
  const gone = notFound.map((what) => ({ result: "gone", what, failure: goneText }));
  return {
    counts: { ...counts, ...(gone.length > 0 && { gone: gone.length }) },
    consequence: actionWords[action].consequence,
    warnings: warnings.flatMap((warning) => (warning.kind === "notPutBack" ? warning.reasons : [])),
    isComplete: gone.length === 0 && letters.every(({ result }) => doneKinds.includes(result)),
    results: [
      ...letters.map(({ result, personId, eventId = "without an id", code, failure }) => ({
        result,
        ...(personId !== undefined && { personId }),
        what: `${eventId}, ${code}`,
        ...(failure !== undefined && { failure }),
      })),
      ...gone,
    ],
  };
}
