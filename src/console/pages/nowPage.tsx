import type { HeldDecisions } from "../../ledger/operatorDecisions.ts";
import type { StoredHeldDecision } from "../../ledger/pendingStore.ts";
import { listRecent, type RecentEntry, type RecentReport } from "../../operations/listRecent.ts";
import { readSafeguard, type SafeguardReport } from "../../operations/operateSafeguard.ts";
import { readStatus, type StatusReport } from "../../operations/readStatus.ts";
import { whyText } from "../../operations/words/decisionWords.ts";
import { countOf, durationText } from "../../operations/words/plainWords.ts";
import { pipelines } from "../../pipelineSettings.ts";
import type { ConsolePorts } from "../consolePorts.ts";
import { type Attempt, attempt, Part } from "../view/attempt.tsx";
import { CallDots, Columns, columnsOf } from "../view/charts.tsx";
import { Page } from "../view/layout.tsx";
import { Moment } from "../view/moments.tsx";
import { Badge, CommandLine, EmptyState, Notice, OutcomeBadge, PersonLink, Table } from "../view/parts.tsx";
import { addressOf, type View } from "../view/view.ts";
import { Gauges } from "./safeguardParts.tsx";

export interface NowReports {
  status: Attempt<StatusReport>;
  safeguard: Attempt<SafeguardReport>;
  recent: Attempt<RecentReport>;
}

const recentMilliseconds = 3_600_000;
const mostRecent = 400;

/** Reads what an operator looks at first. Who is held is read once for all of it. */
export async function readNow(ports: ConsolePorts): Promise<NowReports> {
  const once = { ...ports, held: listedOnce(ports.held) };
  const policy = ports.loadPolicy();
  const until = ports.now();
  const period = { since: until - recentMilliseconds, until, limit: mostRecent };
  const [status, safeguard, recent] = await Promise.all([
    attempt(() => readStatus(once), ports.explainFailure),
    attempt(async () => {
      const reading = await readSafeguard(undefined, {
        ...once,
        policy: policy.kind === "loaded" ? policy.policy : undefined,
      });
      return reading.kind === "read" ? reading.report : { table: ports.table, accounts: [] };
    }, ports.explainFailure),
    attempt(() => listRecent(period, ports), ports.explainFailure),
  ]);
  return { status, safeguard, recent };
}

function listedOnce({ list }: Pick<HeldDecisions, "list">): Pick<HeldDecisions, "list"> {
  let all: Promise<StoredHeldDecision[]> | undefined;
  const collect = async () => {
    const decisions: StoredHeldDecision[] = [];
    for await (const decision of list()) decisions.push(decision);
    return decisions;
  };
  return {
    async *list() {
      all ??= collect();
      yield* await all;
    },
  };
}

export function NowPage({ view, reports }: { view: View; reports: NowReports }) {
  const { status, safeguard, recent } = reports;
  return (
    <Page view={view} title="Now" current="/" isFresh lead="Is anything stopped, held, late or refused?">
      <div id="now" data-fresh>
        <Part reading={status}>{(report) => <StatusPart report={report} view={view} />}</Part>
        <section aria-labelledby="accounts">
          <h2 id="accounts">Safeguard</h2>
          <Part reading={safeguard}>{(report) => <Gauges report={report} view={view} />}</Part>
        </section>
        <section aria-labelledby="lately">
          <h2 id="lately">The last hour</h2>
          <Part reading={recent}>{(report) => <Lately report={report} view={view} />}</Part>
        </section>
        {status.kind === "read" ? <Cost view={view} report={status.value} /> : null}
      </div>
      <CommandLine text={`${view.commandLine("status")} --watch`} />
    </Page>
  );
}

function StatusPart({ report, view }: { report: StatusReport; view: View }) {
  const { paused, queues, held, latchesClosed, waiting } = report;
  const heldPeople = held.reduce((sum, { people }) => sum + people, 0);
  const dead = queues.reduce((sum, { deadLetters }) => sum + deadLetters, 0);
  const inQueues = queues.reduce(
    (sum, { visible, inFlight, delayed }) => sum + visible + inFlight + delayed,
    0,
  );
  return (
    <>
      {paused.map(({ pipeline, account, by, note, since }) => (
        <Notice
          tone="bad"
          title={`Paused: ${[pipeline, account].filter(Boolean).join(", ") || "everything"}.`}
        >
          <p>
            By {by}, <Moment at={since} view={view} />: {note}. Nothing is called for it, and nothing is lost.
          </p>
          <CommandLine
            label="To end it"
            text={view.commandLine("resume", {
              options: { pipeline: pipeline ?? undefined, account: account ?? undefined },
            })}
          />
        </Notice>
      ))}
      {latchesClosed.map(({ accountId, since }) => (
        <Notice tone="bad" title={`The latch of ${accountId} is closed.`}>
          <p>
            Since <Moment at={since} view={view} /> each suspension of the account is held. Is the feed right?{" "}
            <a href={addressOf("/held", { account: accountId })}>Look at who is held, and decide</a>
          </p>
        </Notice>
      ))}
      <ul class="figures">
        <Figure href="/held" count={heldPeople} name="held" tone={heldPeople > 0 ? "warn" : "plain"} />
        <Figure href="/dead-letters" count={dead} name="dead letters" tone={dead > 0 ? "bad" : "plain"} />
        <Figure
          href="/coming"
          count={waiting.count}
          name={waiting.overdue > 0 ? `waiting, ${waiting.overdue} overdue` : "waiting for their day"}
          tone={waiting.overdue > 0 ? "bad" : "plain"}
        />
        <Figure count={inQueues} name="in the queues" tone="plain" />
      </ul>
      <section aria-labelledby="pipelines">
        <h2 id="pipelines">Pipelines</h2>
        <Table
          caption="Pipelines"
          headings={["Pipeline", "Ready", "In flight", "Delayed", "Dead letters", "Objective"]}
          rows={queues.map(({ pipeline, visible, inFlight, delayed, deadLetters }) => [
            <strong>{pipeline}</strong>,
            visible.toLocaleString("en"),
            inFlight.toLocaleString("en"),
            delayed.toLocaleString("en"),
            deadLetters === 0 ? "0" : <Badge tone="bad">{deadLetters.toLocaleString("en")}</Badge>,
            pipeline === "okta"
              ? "none"
              : `none older than ${durationText(pipelines[pipeline].objectiveSeconds)}`,
          ])}
        />
      </section>
    </>
  );
}

function Figure({ href, count, name, tone }: { href?: string; count: number; name: string; tone: string }) {
  const inside = (
    <>
      <span class="number">{count.toLocaleString("en")}</span> <span class="name">{name}</span>
    </>
  );
  return (
    <li class={`figure ${tone}`}>
      {href === undefined ? <span>{inside}</span> : <a href={href}>{inside}</a>}
    </li>
  );
}

const mostShown = 20;

function Lately({ report, view }: { report: RecentReport; view: View }) {
  const { entries, more, since, until } = report;
  if (entries.length === 0)
    return (
      <EmptyState title="Nothing came to an end in the last hour.">
        <p>Publish an event, and it stands here within seconds:</p>
        <CommandLine
          label="For example"
          text={`rollcall publish events/sample-day.jsonl${view.target.stage === undefined ? "" : ` --stage ${view.target.stage}`}`}
        />
      </EmptyState>
    );
  const columns = columnsOf(
    entries.map(({ settledAt, outcome }) => ({ at: Date.parse(settledAt), tone: columnTone(outcome) })),
    { from: Date.parse(since), to: Date.parse(until), count: 60 },
  );
  const told = `${more ? "The latest " : ""}${countOf(entries.length, "outcome")} of the last hour, minute by minute: ${talliesText(entries)}.`;
  return (
    <>
      <Columns columns={columns} told={told} />
      <p class="quiet">{told}</p>
      <div class="two">
        <section aria-labelledby="calls">
          <h3 id="calls">Calls as they left</h3>
          <Calls entries={entries} view={view} />
        </section>
        <section aria-labelledby="outcomes">
          <h3 id="outcomes">Last outcomes</h3>
          <Table
            caption="The last outcomes"
            headings={["When", "Person", "Intent", "Outcome", "Why"]}
            rows={entries
              .slice(0, mostShown)
              .map((entry) => [
                <Moment at={entry.settledAt} view={view} />,
                <PersonLink id={entry.personId} />,
                entry.intent,
                <OutcomeBadge outcome={entry.outcome} />,
                whyText(entry),
              ])}
          />
        </section>
      </div>
    </>
  );
}

function columnTone(outcome: RecentEntry["outcome"]) {
  if (outcome === "held" || outcome === "deferred") return "warn";
  if (outcome === "rejected") return "bad";
  return outcome === "applied" ? "good" : "quiet";
}

function talliesText(entries: readonly RecentEntry[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of entries) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count.toLocaleString("en")} ${outcome}`).join(", ");
}

const callsShown = 8;

/** Who was in the same call has the same request id. */
function Calls({ entries, view }: { entries: readonly RecentEntry[]; view: View }) {
  const calls = new Map<string, RecentEntry[]>();
  for (const entry of entries) {
    if (entry.requestId === undefined) continue;
    calls.set(entry.requestId, [...(calls.get(entry.requestId) ?? []), entry]);
  }
  if (calls.size === 0) return <p class="quiet">No call has left in the last hour.</p>;
  return (
    <ul class="calls">
      {[...calls].slice(0, callsShown).map(([requestId, users]) => (
        <li>
          <CallDots
            users={users.length}
            outcome={users.every(({ outcome }) => outcome === "applied") ? "good" : "bad"}
          />
          <span>
            {countOf(users.length, "user")} in 1 call: {users[0]?.intent},{" "}
            {users[0]?.accountId ?? "account unknown"}, <Moment at={users[0]?.settledAt ?? ""} view={view} />
          </span>
          <span class="quiet id">{requestId}</span>
        </li>
      ))}
    </ul>
  );
}

/** List prices of us-east-1 in dollars: a million read units of DynamoDB on demand, and a million requests to SQS. */
const prices = { dynamoReads: 0.125, sqsRequests: 0.4 };
/** Pauses, safeguard (twice), held, waiting, and two hours of the journal: half a unit each at least. */
const queriesOfPoll = 8;
/** An address and the attributes of two queues for each source. */
const sqsRequestsOfPoll = 20;
/** An item has about 1 KB, and half a unit reads 4 KB. */
const unitsPerItem = 1 / 8;

function Cost({ view, report }: { view: View; report: StatusReport }) {
  if (view.target.isLocal || view.live.kind !== "poll") return null;
  const items = report.held.reduce((sum, { people }) => sum + people, 0) + report.waiting.count;
  const units = queriesOfPoll / 2 + items * unitsPerItem;
  const dollars = (units * prices.dynamoReads + sqsRequestsOfPoll * prices.sqsRequests) / 1_000_000;
  const anHour = (3600 / view.live.everySeconds) * dollars;
  return (
    <p class="quiet">
      This page reads itself again every {view.live.everySeconds} s, only while it is seen. Once costs about $
      {dollars.toFixed(6)} at AWS's list prices, an hour about ${anHour.toFixed(4)}.
    </p>
  );
}
