import type {
  DeadLetterListReport,
  DeadLetterReport,
  DeadLetterWarning,
} from "../../../operations/listDeadLetters.ts";
import { countOf } from "../../../operations/words/plainWords.ts";
import { deadLetterSources } from "../../../queue/deadLetter.ts";
import { deadLetterAdvice } from "../../../queue/deadLetterAdvice.ts";
import { Page } from "../../view/layout.tsx";
import { Moment } from "../../view/moments.tsx";
import {
  Badge,
  CommandLine,
  EmptyState,
  Notice,
  PersonLink,
  PostForm,
  ReadOnlyNote,
  ReasonField,
  SelectField,
  TextField,
} from "../../view/parts.tsx";
import { addressOf, type View } from "../../view/view.ts";

/** What the page showed: an act means these messages, and no others. */
export interface LetterSnapshot {
  report: DeadLetterListReport;
  filter: LetterQuery;
  warnings: readonly DeadLetterWarning[];
}

export interface LetterQuery {
  pipeline?: DeadLetterReport["pipeline"];
  code?: string;
  person?: string;
}

export function DeadLettersPage({
  view,
  token,
  snapshot,
}: {
  view: View;
  token: string;
  snapshot: LetterSnapshot;
}) {
  const { report, filter, warnings } = snapshot;
  return (
    <Page
      view={view}
      title="Dead letters"
      current="/dead-letters"
      lead="Messages that will never succeed as they are. Each is kept for 14 days."
    >
      <Filters filter={filter} />
      <Warnings warnings={warnings} />
      {report.letters.length === 0 ? (
        <EmptyState
          title={Object.keys(filter).length === 0 ? "There is no dead letter." : "No dead letter matches."}
        >
          {Object.keys(filter).length === 0 ? (
            <p>What the directory refuses for good, or what nobody can read, stands here with its reason.</p>
          ) : (
            <p>
              <a href="/dead-letters">Show all</a>
            </p>
          )}
        </EmptyState>
      ) : (
        <PostForm view={view} action="/dead-letters/review" class="ticks" data-ticks="row">
          <input type="hidden" name="snapshot" value={token} />
          {codesOf(report).map((code) => (
            <OfCode view={view} code={code} report={report} />
          ))}
          {view.readOnly === undefined ? (
            <LetterChoice letters={report.letters.length} />
          ) : (
            <ReadOnlyNote because={view.readOnly} />
          )}
        </PostForm>
      )}
      <CommandLine text={view.commandLine("dlq list", { options: { ...filter } })} />
    </Page>
  );
}

export function Warnings({ warnings }: { warnings: readonly DeadLetterWarning[] }) {
  return (
    <>
      {warnings.map((warning) =>
        warning.kind === "hidden" ? (
          <Notice tone="warn" title={`About ${countOf(warning.count, "dead letter")} cannot be seen now.`}>
            <p>Another reader has them. They come back within five minutes.</p>
          </Notice>
        ) : (
          <Notice tone="warn" title="Some could not be put back at once.">
            <p>They come back by themselves within five minutes: {warning.reasons.join("; ")}</p>
          </Notice>
        ),
      )}
    </>
  );
}

function Filters({ filter }: { filter: LetterQuery }) {
  return (
    <form method="get" action="/dead-letters" class="filters">
      <SelectField
        name="pipeline"
        label="Pipeline"
        all="all"
        options={deadLetterSources}
        chosen={filter.pipeline}
      />
      <TextField name="code" label="Code" value={filter.code} />
      <TextField name="person" label="Person's id" value={filter.person} />
      <button type="submit">Show</button>
    </form>
  );
}

function codesOf({ counts }: DeadLetterListReport): string[] {
  return [...new Set(counts.toSorted((a, b) => b.count - a.count).map(({ code }) => code))];
}

function OfCode({
  view,
  code,
  report: { letters },
}: {
  view: View;
  code: string;
  report: DeadLetterListReport;
}) {
  const { meaning, advice } = deadLetterAdvice(code);
  const ofCode = letters
    .map((letter, number) => ({ letter, number }))
    .filter(({ letter }) => letter.code === code);
  return (
    <section>
      <h2>
        <span class="id">{code}</span> <span class="why">{meaning}</span>{" "}
        <Badge tone="bad">{ofCode.length.toLocaleString("en")}</Badge>
      </h2>
      <p class="quiet">{advice}</p>
      <table class="rows tickable">
        <caption class="unseen">Dead letters with the code {code}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">Ticked</span>
            </th>
            <th scope="col">Since</th>
            <th scope="col">Pipeline</th>
            <th scope="col">Person</th>
            <th scope="col">Event</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {ofCode.map(({ letter, number }) => (
            <LetterRow view={view} letter={letter} number={number} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function LetterRow({ view, letter, number }: { view: View; letter: DeadLetterReport; number: number }) {
  const { pipeline, personId, eventId = "without an id", messageId, since, reason } = letter;
  return (
    <tr>
      <td class="tick">
        <input
          type="checkbox"
          name="row"
          value={String(number)}
          aria-label={`${eventId} of ${personId ?? "nobody named"}`}
        />
      </td>
      <td data-label="Since">
        <Moment at={since} view={view} />
      </td>
      <td data-label="Pipeline" class="short">
        {pipeline}
      </td>
      <td data-label="Person">{personId === undefined ? "nobody named" : <PersonLink id={personId} />}</td>
      <td data-label="Event">
        <a class="id" href={addressOf("/dead-letters/letter", { id: messageId })}>
          {eventId}
        </a>
      </td>
      <td data-label="Reason">{reason}</td>
    </tr>
  );
}

/** What can be done with those of a list; with one letter alone, nobody has to choose. */
export function LetterChoice({ letters }: { letters: number }) {
  return (
    <div class="acts">
      {letters === 1 ? (
        <input type="hidden" name="scope" value="all" />
      ) : (
        <fieldset>
          <legend>Which?</legend>
          <label>
            <input type="radio" name="scope" value="ticked" checked /> the ticked <span class="tick-count" />
          </label>
          <label>
            <input type="radio" name="scope" value="all" /> all {letters.toLocaleString("en")} of the list
          </label>
        </fieldset>
      )}
      <ReasonField id="because" />
      <div class="buttons">
        <button type="submit" name="action" value="redrive">
          Redrive…
        </button>
        <button type="submit" name="action" value="discard">
          Discard…
        </button>
      </div>
    </div>
  );
}
