import type { ExplanationReport } from "../../../operations/explain/explainEvent.ts";
import type { DeadLetterWarning, FullDeadLetterReport } from "../../../operations/listDeadLetters.ts";
import { Page } from "../../view/layout.tsx";
import { Moment } from "../../view/moments.tsx";
import {
  Badge,
  CommandLine,
  Notice,
  PersonLink,
  PostForm,
  ReadOnlyNote,
  ReasonField,
} from "../../view/parts.tsx";
import type { View } from "../../view/view.ts";
import { Steps } from "../personPage.tsx";
import { LetterChoice, Warnings } from "./deadLettersPage.tsx";
import { type EventField, fieldsOf } from "./eventFields.ts";

export interface LetterPageProps {
  view: View;
  /** The letters that have the id: more than one, if an event was rejected twice. */
  letters: readonly FullDeadLetterReport[];
  warnings: readonly DeadLetterWarning[];
  isRevealed: boolean;
  /** Names the letters of the page for its acts. */
  token: string;
}

export function LetterPage({ view, letters, warnings, isRevealed, token }: LetterPageProps) {
  return (
    <Page view={view} title="Dead letter" current="/dead-letters">
      <Warnings warnings={warnings} />
      {letters.map((letter) => (
        <>
          <Notice tone="bad" title={`${letter.code}: ${letter.meaning}`}>
            <p>{letter.reason}</p>
            <p>{letter.advice}</p>
          </Notice>
          <dl class="facts">
            <dt>pipeline</dt>
            <dd>{letter.pipeline}</dd>
            <dt>person</dt>
            <dd>
              {letter.personId === undefined ? "nobody named" : <PersonLink id={letter.personId} />}{" "}
              {letter.emails.join(", ")}
            </dd>
            <dt>event</dt>
            <dd class="id">{letter.eventId ?? "without an id"}</dd>
            <dt>since</dt>
            <dd>
              <Moment at={letter.since} view={view} />, received {letter.receiveCount} times
            </dd>
            <dt>message</dt>
            <dd class="id">{letter.messageId}</dd>
            {letter.requestId === undefined ? null : (
              <>
                <dt>call</dt>
                <dd class="id">{letter.requestId}</dd>
              </>
            )}
          </dl>
          <h2>Body {isRevealed ? null : <Badge tone="quiet">addresses and names are masked</Badge>}</h2>
          <pre class="body">{bodyText(letter.body)}</pre>
          <div class="buttons">
            {isRevealed ? null : (
              <ById view={view} action="/dead-letters/reveal" id={letter.messageId} text="Show it in full" />
            )}
            {view.readOnly === undefined && letter.pipeline !== "okta" ? (
              <ById view={view} action="/dead-letters/edit" id={letter.messageId} text="Edit and send" />
            ) : null}
          </div>
        </>
      ))}
      <h2>Or as it is</h2>
      {view.readOnly === undefined ? (
        <PostForm view={view} action="/dead-letters/review">
          <input type="hidden" name="snapshot" value={token} />
          <LetterChoice letters={1} />
        </PostForm>
      ) : (
        <ReadOnlyNote because={view.readOnly} />
      )}
      <CommandLine
        text={view.commandLine("dlq show", { ids: letters.map(({ messageId }) => messageId).slice(0, 1) })}
      />
    </Page>
  );
}

/** Control characters are written as JSON writes them, so that what is shown is what is there. */
function bodyText(body: unknown): string {
  const text = typeof body === "string" ? body : JSON.stringify(body, null, 2);
  return text.replaceAll(/(?!\n)[\p{Cc}\p{Cf}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

function ById({ view, action, id, text }: { view: View; action: string; id: string; text: string }) {
  return (
    <PostForm view={view} action={action} class="inline">
      <input type="hidden" name="id" value={id} />
      <button type="submit">{text}</button>
    </PostForm>
  );
}

export interface EditPageProps {
  view: View;
  id: string;
  event: { "detail-type": unknown; detail: unknown };
  /** Why the event cannot be published as it was typed. */
  problems?: string;
  because?: string;
}

/** A form from the event's schema; what is no single text is edited in the JSON below. */
export function EditPage({ view, id, event, problems, because }: EditPageProps) {
  const fields = fieldsOf(event);
  return (
    <Page
      view={view}
      title="Edit and send"
      current="/dead-letters"
      lead="Nothing is sent before you have seen what would become of it."
    >
      {problems === undefined ? null : (
        <Notice tone="bad" title="It cannot be published so.">
          <p>{problems}</p>
        </Notice>
      )}
      {fields.length === 0 ? null : (
        <PostForm view={view} action="/dead-letters/check" class="act wide">
          <Kept id={id} event={event} />
          <div class="grid">
            {fields.map((field) => (
              <Field field={field} />
            ))}
          </div>
          <Because id="because" value={because} />
          <button type="submit" class="primary">
            Check
          </button>
        </PostForm>
      )}
      <details open={fields.length === 0}>
        <summary>The whole event as JSON</summary>
        <PostForm view={view} action="/dead-letters/check" class="act wide">
          <input type="hidden" name="id" value={id} />
          <label for="json">Event</label>
          <textarea id="json" name="json" spellcheck={false}>
            {bodyText(event)}
          </textarea>
          <Because id="because-json" value={because} />
          <button type="submit">Check</button>
        </PostForm>
      </details>
    </Page>
  );
}

/** The event as it is, for what the fields do not show. */
function Kept({ id, event }: Pick<EditPageProps, "id" | "event">) {
  return (
    <>
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="event" value={bodyText(event)} />
    </>
  );
}

function Because({ id, value }: { id: string; value: string | undefined }) {
  return <ReasonField id={id} {...(value !== undefined && { value })} />;
}

function Field({ field: { path, value, description, options, isRequired } }: { field: EventField }) {
  const id = `field-${path}`;
  return (
    <div class="field">
      <label for={id}>
        {path}
        {isRequired ? " (needed)" : ""}
      </label>
      {options === undefined ? (
        <input
          id={id}
          name={`set:${path}`}
          value={value}
          autocomplete="off"
          spellcheck={false}
          aria-describedby={`${id}-hint`}
        />
      ) : (
        <select id={id} name={`set:${path}`} aria-describedby={`${id}-hint`}>
          {isRequired ? null : <option value="">left out</option>}
          {options.map((option) => (
            <option value={option} selected={option === value}>
              {option}
            </option>
          ))}
        </select>
      )}
      <span class="hint" id={`${id}-hint`}>
        {description}
      </span>
    </div>
  );
}

/** What would become of the mended event, beside the question whether to send it. */
export function MendedReview({
  eventId,
  report,
  because,
}: {
  eventId: string;
  report: ExplanationReport | undefined;
  because: string;
}) {
  return (
    <>
      <Notice tone="warn" title={`The event ${eventId} is published, and the dead letter is discarded.`}>
        <p>Reason, for the journal: {because}</p>
      </Notice>
      {report === undefined ? (
        <p class="quiet">
          What would become of it is not known: there is no policy.yml here; name it with --policy.
        </p>
      ) : (
        <Steps report={report} />
      )}
    </>
  );
}
