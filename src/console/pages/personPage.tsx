import type { TrailStep } from "../../ledger/ledger.ts";
import type { UserShowReport } from "../../operations/directory/showUser.ts";
import type { ExplanationReport } from "../../operations/explain/explainEvent.ts";
import type { DecisionReport, HistoryReport, PersonReport } from "../../operations/inspectPerson.ts";
import type { HeldReport, WaitingReport } from "../../operations/waitingDecisions.ts";
import { beforeText, codeText, stateText, tieTexts, whyText } from "../../operations/words/decisionWords.ts";
import { countOf, durationText } from "../../operations/words/plainWords.ts";
import { Page } from "../view/layout.tsx";
import { Moment } from "../view/moments.tsx";
import {
  Badge,
  CommandLine,
  EmptyState,
  Notice,
  OutcomeBadge,
  Pager,
  PersonLink,
  PostForm,
  Table,
} from "../view/parts.tsx";
import { addressOf, type View } from "../view/view.ts";
import { DirectoryNow } from "./directoryPart.tsx";

/** Everything about one person, as far as it was asked for. */
export interface PersonDetails {
  person: PersonReport;
  held: readonly HeldReport[];
  /** The addresses in full, once they were asked for. */
  revealed?: readonly string[];
  /** What would become of a leave now, once that was asked for. */
  leaverNow?: ExplanationReport;
  /** What the directories say now, once they were asked. */
  directory?: UserShowReport;
}

const decisionsOnPage = 50;

export function PersonPage({ view, details, page }: { view: View; details: PersonDetails; page: number }) {
  const { person, held, revealed, leaverNow, directory } = details;
  const { personId, heads, decisions, waiting } = person;
  const newestFirst = decisions.toReversed();
  const pages = Math.ceil(newestFirst.length / decisionsOnPage);
  const shown = newestFirst.slice((page - 1) * decisionsOnPage, page * decisionsOnPage);
  return (
    <Page view={view} title={personId} current={undefined}>
      <dl class="facts">
        {heads.map((head) => (
          <>
            <dt>{head.aspect}</dt>
            <dd>{stateText(head, decisions)}</dd>
          </>
        ))}
        <dt>addresses</dt>
        <dd>
          <Addresses view={view} person={person} revealed={revealed} />
        </dd>
        <dt>at work</dt>
        <dd>{leasesText(person)}</dd>
      </dl>
      {held.map(({ accountId, heldAt, rule }) => (
        <Notice tone="warn" title="This suspension is held.">
          <p>
            Of {accountId}, since <Moment at={heldAt} view={view} />: {codeText(rule)}. The person keeps
            access until somebody decides. <a href={addressOf("/held", { person: personId })}>Decide</a>
          </p>
        </Notice>
      ))}
      {waiting.length === 0 ? null : (
        <section aria-labelledby="waits">
          <h2 id="waits">What waits</h2>
          <WaitingTable waiting={waiting} view={view} />
        </section>
      )}
      <DirectoryNow view={view} personId={personId} report={directory} />
      <LeaverNow view={view} personId={personId} report={leaverNow} />
      <section aria-labelledby="timeline">
        <h2 id="timeline">Timeline, the newest first: {countOf(decisions.length, "event")}</h2>
        <Pager
          page={page}
          pages={pages}
          toAddress={(to) => addressOf("/person", { id: personId, page: String(to) })}
        />
        <ol class="timeline">
          {shown.map((decision) => (
            <DecisionItem decision={decision} view={view} />
          ))}
        </ol>
        <Pager
          page={page}
          pages={pages}
          toAddress={(to) => addressOf("/person", { id: personId, page: String(to) })}
        />
      </section>
      <CommandLine text={view.commandLine("history", { ids: [personId] })} />
    </Page>
  );
}

function Addresses({
  view,
  person: { personId, emails },
  revealed,
}: {
  view: View;
  person: PersonReport;
  revealed: readonly string[] | undefined;
}) {
  if (revealed !== undefined) return <>{revealed.join(", ") || "none"}</>;
  if (emails.length === 0) return <>none</>;
  return (
    <PostForm view={view} action="/person/reveal" class="inline">
      {emails.join(", ")} <input type="hidden" name="id" value={personId} />
      <button type="submit" class="small">
        Show in full
      </button>
    </PostForm>
  );
}

function leasesText({ heads }: PersonReport): string {
  const texts = heads.flatMap(({ aspect, lease }) => {
    if (lease.state === "free") return [];
    return lease.state === "held"
      ? [`${aspect}: an invocation, until ${lease.until} at the latest`]
      : [`${aspect}: an earlier invocation never finished; its message comes again`];
  });
  return texts.join("; ") || "nobody right now";
}

export function WaitingTable({ waiting, view }: { waiting: readonly WaitingReport[]; view: View }) {
  return (
    <Table
      caption="Decisions that wait"
      headings={["Due", "Person", "Intent", "Why it waits", "Event"]}
      rows={waiting.map(({ dueAt, personId, intent, because, eventId, dueInSeconds }) => [
        <>
          <Moment at={dueAt} view={view} /> {dueInSeconds < 0 ? <Badge tone="bad">overdue</Badge> : null}
        </>,
        <PersonLink id={personId} />,
        intent,
        reasonNames[because],
        <span class="id">{eventId}</span>,
      ])}
    />
  );
}

const reasonNames: Record<WaitingReport["because"], string> = {
  effectiveLater: "its day is to come",
  fromTheFuture: "HR says it is decided only then",
  notRegistered: "the user has not registered",
  released: "released, about to be published",
  follows: "follows from a decision about access",
};

function LeaverNow({
  view,
  personId,
  report,
}: {
  view: View;
  personId: string;
  report: ExplanationReport | undefined;
}) {
  return (
    <section aria-labelledby="leaver">
      <h2 id="leaver">A leaver now?</h2>
      {report === undefined ? (
        <PostForm view={view} action="/person/leaver" class="inline">
          <input type="hidden" name="id" value={personId} />
          <button type="submit">Explain step by step</button>{" "}
          <span class="hint">
            What would become of it if HR said now that the person has left. Nothing is sent.
          </span>
        </PostForm>
      ) : (
        <Steps report={report} />
      )}
    </section>
  );
}

const answerTones = { yes: "good", no: "warn", unknown: "bad" } as const;

/** The way of one event, as `rollcall explain` tells it. */
export function Steps({ report: { steps, fate } }: { report: ExplanationReport }) {
  return (
    <>
      <Table
        caption="The way of the event"
        headings={["Question", "Answer", "Why", "By which rule"]}
        rows={steps.map(({ question, answer, text, rule = "" }) => [
          <strong>{question}</strong>,
          <Badge tone={answerTones[answer]}>{answer}</Badge>,
          text,
          <span class="quiet">{rule}</span>,
        ])}
      />
      <p>
        <strong>If it came now: {fate?.text ?? "it depends on the ledger, see above"}.</strong>
      </p>
    </>
  );
}

function DecisionItem({ decision, view }: { decision: DecisionReport; view: View }) {
  const { eventId, intent, outcome, accountId, origin, userBefore, occurredAt, effectiveAt, trail } =
    decision;
  const facts = [
    accountId,
    origin === undefined ? undefined : `from ${origin}`,
    userBefore === undefined ? undefined : `user before: ${beforeText(userBefore)}`,
  ].filter((fact) => fact !== undefined);
  const why = whyText(decision);
  return (
    <li class={`event ${outcome}`}>
      <h3>
        {intent} <OutcomeBadge outcome={outcome} /> <span class="why">{why}</span>
      </h3>
      <p class="quiet">
        <span class="id">{eventId}</span>
        {facts.length === 0 ? "" : `, ${facts.join(", ")}`}
      </p>
      <ol class="steps">
        <li>
          <Dot tone="quiet" />
          <Moment at={occurredAt} view={view} /> decided by HR
        </li>
        {effectiveAt === undefined ? null : (
          <li>
            <Dot tone="quiet" />
            <Moment at={effectiveAt} view={view} /> takes effect
          </li>
        )}
        {trail.map((step) => (
          <StepItem step={step} view={view} />
        ))}
      </ol>
      <p class="quiet">
        {durationText(decision.secondsFromDecision)} from HR's decision to its latest outcome
      </p>
    </li>
  );
}

const dotTones = new Map([
  ["applied", "good"],
  ["unchanged", "good"],
  ["released", "good"],
  ["held", "warn"],
  ["deferred", "warn"],
  ["rejected", "bad"],
]);

function StepItem({ step, view }: { step: TrailStep; view: View }) {
  const { at, step: kind, code, requestId, receives, by, note, tie } = step;
  return (
    <li>
      <Dot tone={dotTones.get(kind) ?? "quiet"} />
      <Moment at={at} view={view} /> <strong>{kind}</strong>
      {receives === undefined ? "" : ` after ${receives} receives`}
      {by === undefined ? "" : ` by ${by}`}
      {code === undefined || code === "" ? "" : `: ${codeText(code)}`}
      {tie === undefined ? "" : `, with one of the same time (${tieTexts[tie]})`}
      {note === undefined ? "" : ` (${note})`}
      {requestId === undefined ? null : <span class="quiet id"> call {requestId}</span>}
    </li>
  );
}

function Dot({ tone }: { tone: string }) {
  return (
    <svg class="dot" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <circle class={`fill ${tone}`} cx="6" cy="6" r="4.5" />
    </svg>
  );
}

/** Nobody, or several people, answer to what was typed. */
export function FoundPage({ view, report }: { view: View; report: HistoryReport }) {
  const { people } = report;
  return (
    <Page view={view} title={people.length === 0 ? "Nobody found" : "Who is meant?"} current={undefined}>
      {people.length === 0 ? (
        <EmptyState title="The ledger knows nobody of that id or address.">
          <p>
            It knows whom an event or a roster has named in the last 13 months. An id is written exactly as HR
            sends it; of an address, case does not matter.
          </p>
        </EmptyState>
      ) : (
        <ul>
          {people.map(({ personId, decisions }) => (
            <li>
              <PersonLink id={personId} /> {countOf(decisions.length, "event")}
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
