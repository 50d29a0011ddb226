import { listPending, type WaitingReport } from "../../operations/waitingDecisions.ts";
import { clockText, countOf, countPeople } from "../../operations/words/plainWords.ts";
import { pageIn, type Room } from "../server/room.tsx";
import { Columns } from "../view/charts.tsx";
import { Page } from "../view/layout.tsx";
import { Badge, CommandLine, EmptyState, Pager } from "../view/parts.tsx";
import { addressOf, type View } from "../view/view.ts";
import { WaitingTable } from "./personPage.tsx";

const dayMilliseconds = 86_400_000;
const daysDrawn = 31;
const onPage = 200;

/** What waits for its day, or for its user, by day. */
export function addComingRoutes({ app, ports, view, show }: Room): void {
  app.get("/coming", async (c) => {
    const report = await listPending({}, ports);
    return show(c, <ComingPage view={view(c)} pending={report.pending} page={pageIn(c)} />);
  });
}

function ComingPage({
  view,
  pending,
  page,
}: {
  view: View;
  pending: readonly WaitingReport[];
  page: number;
}) {
  const pages = Math.max(1, Math.ceil(pending.length / onPage));
  const shown = pending.slice((page - 1) * onPage, page * onPage);
  const days = daysOf(shown, view);
  return (
    <Page view={view} title="Coming" current="/coming" lead="What waits for its day or for its user, by day.">
      {pending.length === 0 ? (
        <EmptyState title="Nothing waits.">
          <p>
            A hire or a leave with a later date stands here until its day; so does whoever has not registered
            yet.
          </p>
        </EmptyState>
      ) : (
        <>
          <Days pending={pending} view={view} />
          <Pager page={page} pages={pages} toAddress={(to) => addressOf("/coming", { page: String(to) })} />
          {[...days].map(([day, waiting]) => (
            <section>
              <h2>
                {day}{" "}
                <Badge tone="quiet">
                  {countPeople(new Set(waiting.map(({ personId }) => personId)).size)}
                </Badge>
              </h2>
              <WaitingTable waiting={waiting} view={view} />
            </section>
          ))}
          <Pager page={page} pages={pages} toAddress={(to) => addressOf("/coming", { page: String(to) })} />
        </>
      )}
      <CommandLine text={view.commandLine("pending")} />
    </Page>
  );
}

function dayOf(at: string, { times }: View): string {
  return clockText(at, times === "utc" ? "utc" : "local").slice(0, 10);
}

function daysOf(waiting: readonly WaitingReport[], view: View): Map<string, WaitingReport[]> {
  const days = new Map<string, WaitingReport[]>();
  for (const each of waiting) {
    const name = nameOf(dayOf(each.dueAt, view), view);
    days.set(name, [...(days.get(name) ?? []), each]);
  }
  return days;
}

function nameOf(day: string, view: View): string {
  const today = dayOf(new Date(view.now).toISOString(), view);
  if (day < today) return "Overdue";
  if (day === today) return `Today, ${day}`;
  return day === dayOf(new Date(view.now + dayMilliseconds).toISOString(), view) ? `Tomorrow, ${day}` : day;
}

function Days({ pending, view }: { pending: readonly WaitingReport[]; view: View }) {
  const counts = new Map<string, { leaving: number; others: number }>();
  for (const { dueAt, intent } of pending) {
    const day = dayOf(dueAt, view);
    const count = counts.get(day) ?? { leaving: 0, others: 0 };
    counts.set(
      day,
      intent === "offboard"
        ? { ...count, leaving: count.leaving + 1 }
        : { ...count, others: count.others + 1 },
    );
  }
  const columns = Array.from({ length: daysDrawn }, (_, index) => {
    const day = dayOf(new Date(view.now + index * dayMilliseconds).toISOString(), view);
    const { leaving = 0, others = 0 } = counts.get(day) ?? {};
    return {
      label: `${day}: ${countOf(leaving + others, "decision")}`,
      parts: [
        { tone: "good" as const, count: others },
        { tone: "bad" as const, count: leaving },
      ],
    };
  });
  const told = `${countOf(pending.length, "decision")} wait; drawn are the next ${daysDrawn} days.`;
  return (
    <>
      <Columns columns={columns} told={told} />
      <p class="quiet">{told} Red: suspensions. Green: all others.</p>
    </>
  );
}
