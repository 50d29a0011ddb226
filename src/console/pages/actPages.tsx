import type { Child } from "hono/jsx";
import { countOf } from "../../operations/words/plainWords.ts";
import type { Job } from "../server/jobs.ts";
import { Page, type PagePath } from "../view/layout.tsx";
import { CommandLine, Notice, OutcomeBadge, Pager, PersonLink, PostForm, Table } from "../view/parts.tsx";
import { addressOf, type View } from "../view/view.ts";

/** What an act would do, before it is done: with the whole command, and a question. */
export function ReviewPage({
  view,
  current,
  title,
  action,
  fields,
  command,
  confirm,
  back,
  children,
}: {
  view: View;
  current: PagePath;
  title: string;
  action: string;
  /** Sent along, unseen. */
  fields: Readonly<Record<string, string>>;
  command: string;
  /** The button. */
  confirm: string;
  back: string;
  children?: Child;
}) {
  return (
    <Page view={view} title={title} current={current}>
      {children}
      <CommandLine text={command} />
      <PostForm view={view} action={action} class="act confirm">
        {Object.entries(fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button type="submit" class="primary">
          {confirm}
        </button>
        <a href={back}>Back, and change nothing</a>
      </PostForm>
    </Page>
  );
}

const resultsOnPage = 200;

/** An act under way, or what became of each. */
export function JobPage({ view, id, job, page }: { view: View; id: string; job: Job; page: number }) {
  const { title, command, state, progress, back } = job;
  return (
    <Page view={view} title={title} current={job.current}>
      <div
        id="job"
        data-fresh={state.kind === "running" ? "fast" : undefined}
        data-stays={state.kind === "running" ? undefined : "true"}
      >
        {state.kind === "running" ? (
          <>
            <p role="status">
              Under way: {progress.done.toLocaleString("en")} of {progress.all.toLocaleString("en")}.
            </p>
            <progress max={Math.max(1, progress.all)} value={progress.done} aria-label={title} />
            <p>
              <a href={`/acts/${id}`}>Look again</a>
            </p>
            <PostForm view={view} action={`/acts/${id}/stop`} class="act">
              <button type="submit">Stop; the rest stays as it is</button>
            </PostForm>
          </>
        ) : null}
        {state.kind === "failed" ? (
          <Notice tone="bad" title="It failed.">
            <p>{state.message}</p>
          </Notice>
        ) : null}
        {state.kind === "ended" ? <Results view={view} id={id} end={state.end} page={page} /> : null}
        <CommandLine text={command} />
        <p>
          <a href={back.href}>{back.text}</a>
        </p>
      </div>
    </Page>
  );
}

function Results({
  id,
  end,
  page,
}: {
  view: View;
  id: string;
  end: Extract<Job["state"], { kind: "ended" }>["end"];
  page: number;
}) {
  const counts = Object.entries(end.counts).map(
    ([kind, count = 0]) => `${count.toLocaleString("en")} ${kind}`,
  );
  const pages = Math.ceil(end.results.length / resultsOnPage);
  const shown = end.results.slice((page - 1) * resultsOnPage, page * resultsOnPage);
  return (
    <>
      <Notice tone={end.isComplete ? "good" : "warn"} title={counts.join(", ") || "Nothing was to be done."}>
        <p>{end.consequence}</p>
        {end.warnings.map((warning) => (
          <p>{warning}</p>
        ))}
      </Notice>
      {end.results.length === 0 ? null : (
        <>
          <h2>What became of each: {countOf(end.results.length, "result")}</h2>
          <Pager
            page={page}
            pages={pages}
            toAddress={(to) => addressOf(`/acts/${id}`, { page: String(to) })}
          />
          <Table
            caption="What became of each"
            headings={["Result", "Who", "What", "Why"]}
            rows={shown.map(({ result, personId, what, failure }) => [
              <OutcomeBadge outcome={result} />,
              personId === undefined ? "nobody named" : <PersonLink id={personId} />,
              what,
              failure ?? "",
            ])}
          />
        </>
      )}
    </>
  );
}
