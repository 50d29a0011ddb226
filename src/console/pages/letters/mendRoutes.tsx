import { accountTypesFinder } from "../../../directory/kinds/directoryKinds.ts";
import { isJsonObject, parseJson } from "../../../events/boundedJson.ts";
import { explainEvent } from "../../../operations/explain/explainEvent.ts";
import {
  checkMended,
  type MendableEvent,
  type MendResult,
  type OpenedLetter,
  type OpenResult,
  openDeadLetter,
  publishMended,
} from "../../../operations/mendDeadLetter.ts";
import { deletedKinds } from "../../../operations/resolveDeadLetters.ts";
import { personQualifier } from "../../../policy/policyRules.ts";
import { type Room, reasonIn, reasonNeeded, refuse, textIn } from "../../server/room.tsx";
import { createSnapshots } from "../../server/snapshots.ts";
import { ReviewPage } from "../actPages.tsx";
import { goneText, withLetters } from "./deadLetterRoutes.tsx";
import { applySettings, type Setting, settingsIn } from "./eventFields.ts";
import { EditPage, MendedReview } from "./letterPage.tsx";

const current = "/dead-letters";

/** A mended event that waits for a yes. */
interface Draft {
  opened: OpenedLetter;
  line: string;
  eventId: string;
  because: string;
  command: string;
}

const draftsKept = 30;

/** A dead letter's event is mended in a form, checked, explained, published, and the letter discarded. */
export function addMendRoutes(room: Room): void {
  const { ports, jobs, view, show, ask, act } = room;
  const drafts = createSnapshots<Draft>(draftsKept);

  const open = async (id: string, signal: AbortSignal): Promise<OpenResult> => {
    const { result } = await withLetters(room, signal, (letters) => openDeadLetter(id, letters));
    return result.kind === "done" ? result.report : { kind: "unfit", reason: goneText };
  };

  ask("/dead-letters/edit", async (c, form) => {
    const id = textIn(form, "id");
    const opening = await open(id, c.req.raw.signal);
    if (opening.kind === "unfit")
      return refuse(room, c, { message: `It cannot be edited: ${opening.reason}`, current });
    return show(c, <EditPage view={view(c)} id={id} event={opening.opened.event} />);
  });

  ask("/dead-letters/check", async (c, form) => {
    const id = textIn(form, "id");
    const because = reasonIn(form);
    if (because === undefined) return refuse(room, c, { message: reasonNeeded, current });
    const opening = await open(id, c.req.raw.signal);
    if (opening.kind === "unfit")
      return refuse(room, c, { message: `It cannot be edited: ${opening.reason}`, current });
    const { opened } = opening;
    const typed = typedIn(form);
    if (typed === undefined)
      return show(
        c,
        <EditPage
          view={view(c)}
          id={id}
          event={opened.event}
          because={because}
          problems="expected a JSON object"
        />,
        400,
      );
    const mended = checkMended(opened, typed.event);
    if (mended.kind === "malformed")
      return show(
        c,
        <EditPage view={view(c)} id={id} event={typed.event} because={because} problems={mended.problems} />,
        400,
      );
    const loaded = ports.loadPolicy();
    if (loaded.kind === "failed") return refuse(room, c, { message: loaded.message, current });
    const { policy } = loaded;
    const explained =
      policy === undefined
        ? undefined
        : await explainEvent(mended.line, {
            ...ports,
            policy,
            accountTypesOf: accountTypesFinder(policy.accounts),
          });
    const set = typed.settings.map(({ path, value }) => `${path}=${value}`);
    const command = ports.commandLine("dlq edit", { options: { set, because }, ids: [id] });
    const draft = drafts.keep({ ...mended, opened, because, command });
    return show(
      c,
      <ReviewPage
        view={view(c)}
        current={current}
        title="Publish it, and discard the dead letter?"
        action="/dead-letters/publish"
        fields={{ draft }}
        command={command}
        confirm={`Publish in ${ports.target.text}`}
        back={current}
      >
        <MendedReview eventId={mended.eventId} report={explained?.report} because={because} />
      </ReviewPage>,
    );
  });

  act("/dead-letters/publish", (c, form) => {
    const draft = drafts.find(textIn(form, "draft"));
    if (draft === undefined)
      return refuse(room, c, { message: "The draft is too old; edit the letter anew.", current });
    if (ports.actor.kind === "unknown") return refuse(room, c, { message: ports.actor.because, current });
    const loaded = ports.loadPolicy();
    if (loaded.kind === "failed") return refuse(room, c, { message: loaded.message, current });
    const { name: by } = ports.actor;
    const { opened, line, because, command, eventId } = draft;
    const qualifyPerson = personQualifier(loaded.policy ?? {});
    const about = {
      title: `Publishing ${eventId}`,
      command,
      current,
      back: { href: current, text: "What is left?" },
    } as const;
    const id = jobs.start(about, async ({ signal }) => {
      const { result } = await withLetters(room, signal, (letters) =>
        publishMended(opened, line, {
          ...letters,
          discards: ports.discards,
          qualifyPerson,
          publish: (text) => ports.publishOne(text, signal),
          by,
          because,
        }),
      );
      if (result.kind !== "done") throw new Error("it was stopped before anything was done");
      return toEnd(result.report, draft);
    });
    return c.redirect(`/acts/${id}`, 303);
  });
}

function typedIn(form: FormData): { event: MendableEvent; settings: readonly Setting[] } | undefined {
  const text = textIn(form, "json") || textIn(form, "event");
  const value = parseJson(text);
  if (!isJsonObject(value)) return undefined;
  const event = { "detail-type": value["detail-type"], detail: value.detail };
  if (textIn(form, "json") !== "") return { event, settings: [] };
  const settings = settingsIn(form, event);
  return { event: applySettings(event, settings), settings };
}

function toEnd(result: MendResult, { eventId, opened }: Draft) {
  const personId = opened.letter.event.personId;
  const about = { ...(personId !== undefined && { personId }), what: eventId };
  switch (result.kind) {
    case "notPublished":
      throw new Error(`the bus did not take it (${result.reason}); nothing was changed`);
    case "gone":
      throw new Error("the dead letter is no longer there; nothing was published");
    case "published": {
      const { kind, reason } = result.discarded;
      const isComplete = deletedKinds.includes(kind);
      return {
        counts: { published: 1, [kind]: 1 },
        consequence: "It is carried out within a minute or two; the person's page says what becomes of it.",
        warnings: isComplete
          ? []
          : [`The dead letter is still there (${reason ?? kind}): discard it, its event is published.`],
        isComplete,
        results: [{ ...about, result: kind, ...(reason !== undefined && { failure: reason }) }],
      };
    }
  }
}
