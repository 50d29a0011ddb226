import type { PlanEntry, PlanReport, UnusableRoster } from "../../operations/reconcileRoster.ts";
import { countOf, countPeople } from "../../operations/words/plainWords.ts";
import { operationWords, planHeadlines } from "../../operations/words/planWords.ts";
import { groupBy } from "../../provisioning/groupByPerson.ts";
import { Page } from "../view/layout.tsx";
import { Moment } from "../view/moments.tsx";
import {
  Badge,
  CommandLine,
  EmptyState,
  Notice,
  PersonLink,
  PostForm,
  ReadOnlyNote,
  Table,
} from "../view/parts.tsx";
import { addressOf, type View } from "../view/view.ts";

const dropText = "A full export of the HR system: CSV, JSON or an Excel workbook. It stays on this computer.";

export function RosterPage({
  view,
  hasPolicy,
  unusable,
}: {
  view: View;
  hasPolicy: boolean;
  unusable?: { name: string; why: UnusableRoster };
}) {
  return (
    <Page view={view} title="Roster" current="/roster" lead="What would an export of the HR system change?">
      {unusable === undefined ? null : <Unusable {...unusable} />}
      {hasPolicy ? (
        <PostForm view={view} action="/roster/plan" class="act drop" enctype="multipart/form-data">
          <div class="field">
            <label for="roster">Export</label>
            <input
              id="roster"
              name="roster"
              type="file"
              required
              accept=".csv,.json,.jsonl,.ndjson,.xlsx,.gz,.txt"
              aria-describedby="roster-hint"
            />
            <span class="hint" id="roster-hint">
              {dropText}
            </span>
          </div>
          <div class="field">
            <label for="asOf">True as of (local time)</label>
            <input
              id="asOf"
              name="asOf"
              type="datetime-local"
              step="1"
              value={localInput(view.now)}
              aria-describedby="asOf-hint"
            />
            <span class="hint" id="asOf-hint">
              When it was exported. It goes before all that was decided before then.
            </span>
          </div>
          <button type="submit" class="primary">
            Compare; nothing is changed
          </button>
        </PostForm>
      ) : (
        <EmptyState title="There is no policy.yml here, which says whose accounts are where.">
          <p>
            Start the console where it is, or name it with <code>--policy</code>.
          </p>
        </EmptyState>
      )}
      <CommandLine text={view.commandLine("plan", { ids: ["ROSTER"] })} />
    </Page>
  );
}

/** The form that a field for a local time takes. */
function localInput(now: number): string {
  return new Date(now - new Date(now).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function Unusable({ name, why }: { name: string; why: UnusableRoster }) {
  switch (why.kind) {
    case "fromTheFuture":
      return <Notice tone="bad" title="The roster's time is still to come; say when it was true." />;
    case "rejected":
      return (
        <Notice tone="bad" title={`${name} is not believed.`}>
          <p>{why.reason}</p>
        </Notice>
      );
    case "broken":
      return (
        <Notice tone="bad" title={`${name} cannot be read as it is.`}>
          <ul>
            {[...why.problems, ...(why.details === undefined ? [] : [why.details])].map((problem) => (
              <li>{problem}</li>
            ))}
          </ul>
          {why.proposals.length === 0 ? null : (
            <>
              <p>These lines of the policy would mend it:</p>
              <pre class="body">{why.proposals.join("\n")}</pre>
            </>
          )}
        </Notice>
      );
  }
}

export function PlanPage({
  view,
  name,
  token,
  report,
}: {
  view: View;
  name: string;
  token: string;
  report: PlanReport;
}) {
  const { changes, findings, calls, roster, directory } = report;
  const entries = groupBy([...changes, ...findings], ({ kind }) => kind);
  const total = calls.reduce((sum, { calls: count }) => sum + count, 0);
  return (
    <Page view={view} title={`What ${name} would change`} current="/roster">
      <p>
        The roster of <Moment at={report.asOf} view={view} /> has {countPeople(roster.present)} who are there
        and {roster.left.toLocaleString("en")} who have left. The directory has{" "}
        {countOf(directory.users, "user")} in {countOf(directory.accounts, "account")}.
      </p>
      <Stops view={view} report={report} />
      {changes.length === 0 ? (
        <EmptyState title="Nothing to do: the directory is as the roster says.">
          <p>
            <a href="/roster">Compare another export</a>
          </p>
        </EmptyState>
      ) : (
        <>
          <h2>
            {countOf(changes.length, "change")} in {countOf(total, "call")}
          </h2>
          <Table
            caption="Calls"
            headings={["Account", "To do", "People", "Calls"]}
            rows={calls.map(({ accountId, operation, users, calls: count }) => [
              <strong class="id">{accountId}</strong>,
              operationWords[operation],
              users.toLocaleString("en"),
              count.toLocaleString("en"),
            ])}
          />
        </>
      )}
      {Object.entries(planHeadlines).map(([kind, headline]) => {
        const alike = [...entries].find(([each]) => each === kind)?.[1] ?? [];
        return alike.length === 0 ? null : <Kind headline={headline(alike.length)} entries={alike} />;
      })}
      <Understood report={report} />
      {changes.length === 0 ? null : (
        <section aria-labelledby="act">
          <h2 id="act">And now?</h2>
          <p>
            <a href={addressOf("/roster/events", { plan: token })}>Download the events</a>, to publish them
            another way.
          </p>
          {view.readOnly === undefined ? (
            <PostForm view={view} action="/roster/sync" class="act">
              <input type="hidden" name="plan" value={token} />
              <p>Their events name the roster as their origin, so no reason is asked.</p>
              <CommandLine text={view.commandLine("sync", { ids: [name] })} />
              <button type="submit" class="primary">
                Publish {countOf(changes.length, "event")} in {view.target.text}
              </button>
            </PostForm>
          ) : (
            <ReadOnlyNote because={view.readOnly} />
          )}
        </section>
      )}
    </Page>
  );
}

/** What would keep some of the changes from being carried out. */
function Stops({
  view,
  report: { held, latched, paused, observed, deletions },
}: {
  view: View;
  report: PlanReport;
}) {
  return (
    <>
      {(latched ?? []).map(({ accountId, leavers, since }) => (
        <Notice
          tone="warn"
          title={`The latch of ${accountId} is closed: ${countPeople(leavers)} would be held.`}
        >
          <p>
            Since <Moment at={since} view={view} />.{" "}
            <a href={addressOf("/held", { account: accountId })}>Look at it</a>
          </p>
        </Notice>
      ))}
      {held.map(({ accountId, leavers, limit }) => (
        <Notice
          tone="warn"
          title={`${countPeople(leavers)} of ${accountId} are more than its limit of ${limit.toLocaleString("en")}.`}
        >
          <p>The safeguard will hold them. Is the export complete?</p>
        </Notice>
      ))}
      {(paused ?? []).map(({ pause, changes }) => (
        <Notice tone="warn" title={`${countOf(changes, "change")} would wait for the end of a pause.`}>
          <p>
            By {pause.by}: {pause.note}
          </p>
        </Notice>
      ))}
      {observed.map(({ trial, changes }) => (
        <Notice tone="quiet" title={`${countOf(changes, "change")} would only be observed: ${trial}.`} />
      ))}
      {deletions.map(({ accountId, leavers }) => (
        <Notice
          tone="bad"
          title={`${accountId} deletes the users whom it suspends: ${countPeople(leavers)} would be deleted.`}
        />
      ))}
    </>
  );
}

const fewPeople = 50;

function Kind({ headline, entries }: { headline: string; entries: readonly PlanEntry[] }) {
  return (
    <details open={entries.length <= fewPeople}>
      <summary>
        <strong>{headline}</strong>
      </summary>
      <Table
        caption={headline}
        headings={["Person", "Address", "Account", "What else"]}
        rows={entries
          .slice(0, mostPeople)
          .map(({ personId, email, accountId, detail }) => [
            personId === null ? "" : <PersonLink id={personId} />,
            email ?? "",
            accountId ?? "",
            detail ?? "",
          ])}
      />
      {entries.length > mostPeople ? (
        <p class="quiet">and {(entries.length - mostPeople).toLocaleString("en")} more</p>
      ) : null}
    </details>
  );
}

const mostPeople = 500;

function Understood({ report: { read } }: { report: PlanReport }) {
  return (
    <details>
      <summary>
        What was understood of {countOf(read.rows, "row")}{" "}
        {read.unread.length > 0 ? <Badge tone="quiet">{read.unread.length} columns not read</Badge> : null}
      </summary>
      <Table
        caption="Columns"
        headings={["Column", "Read as"]}
        rows={[
          ...read.columns.map(({ heading, readAs, dates }) => [
            heading,
            dates === null ? readAs : `${readAs} (${dates.form})`,
          ]),
          ...read.unread.map((heading) => [heading, "not read"]),
        ]}
      />
    </details>
  );
}
