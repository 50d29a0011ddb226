import { type HeldRule, heldRules, readWaitingEvent } from "../../ledger/pendingStore.ts";
import { redactForDisplay } from "../../operations/displayText.ts";
import type { SafeguardReport } from "../../operations/operateSafeguard.ts";
import { toHeldReport } from "../../operations/waitingDecisions.ts";
import { type Attempt, Part } from "../view/attempt.tsx";
import { Page } from "../view/layout.tsx";
import { Moment } from "../view/moments.tsx";
import {
  Badge,
  CommandLine,
  EmptyState,
  Pager,
  PersonLink,
  PostForm,
  ReadOnlyNote,
  ReasonField,
  SelectField,
  TextField,
} from "../view/parts.tsx";
import type { View } from "../view/view.ts";
import { Bursts, type HeldSnapshot, toAddress, whomText } from "./heldSnapshot.tsx";
import { Gauges, LatchForms } from "./safeguardParts.tsx";

const heldOnPage = 200;

export interface HeldPageProps {
  view: View;
  token: string;
  snapshot: HeldSnapshot;
  safeguard: Attempt<SafeguardReport>;
  page: number;
}

export function HeldPage({ view, token, snapshot, safeguard, page }: HeldPageProps) {
  const { decisions, filter, readAt } = snapshot;
  const pages = Math.max(1, Math.ceil(decisions.length / heldOnPage));
  const { account } = filter;
  return (
    <Page
      view={view}
      title="Held suspensions"
      current="/held"
      lead="Whom the safeguard keeps from being suspended, until you have looked at the feed."
    >
      <Filters snapshot={snapshot} accounts={accountsOf(snapshot, safeguard)} />
      {decisions.length === 0 ? (
        <EmptyState
          title={Object.keys(filter).length === 0 ? "Nobody is held." : "Nobody who is held matches."}
        >
          {Object.keys(filter).length === 0 ? (
            <p>
              When a feed asks for more suspensions than the policy allows in a window, the people stand here.
            </p>
          ) : (
            <p>
              <a href="/held">Show everybody who is held</a>
            </p>
          )}
        </EmptyState>
      ) : (
        <>
          <Bursts snapshot={snapshot} view={view} />
          <h2>
            {whomText(decisions)}, as of <Moment at={new Date(readAt).toISOString()} view={view} />
          </h2>
          <PostForm view={view} action="/held/review" class="ticks" data-ticks="row">
            <input type="hidden" name="snapshot" value={token} />
            <Pager
              page={page}
              pages={pages}
              toAddress={(to) => toAddress(filter, { snapshot: token, page: String(to) })}
            />
            <HeldTable view={view} snapshot={snapshot} page={page} />
            <Pager
              page={page}
              pages={pages}
              toAddress={(to) => toAddress(filter, { snapshot: token, page: String(to) })}
            />
            {view.readOnly === undefined ? (
              <Choice people={decisions.length} />
            ) : (
              <ReadOnlyNote because={view.readOnly} />
            )}
          </PostForm>
        </>
      )}
      <section aria-labelledby="latches">
        <h2 id="latches">Latches</h2>
        <Part reading={safeguard}>
          {({ accounts, ...report }) => {
            const shown = accounts.filter(({ accountId }) => account === undefined || accountId === account);
            return (
              <>
                <Gauges report={{ ...report, accounts: shown }} view={view} />
                {view.readOnly === undefined
                  ? shown.map((each) => <LatchForms account={each} view={view} />)
                  : null}
              </>
            );
          }}
        </Part>
      </section>
      <CommandLine
        text={view.commandLine("held list", {
          options: { account, person: filter.person, rule: filter.rule && ruleNames[filter.rule] },
        })}
      />
    </Page>
  );
}

function Filters({
  snapshot: { filter },
  accounts,
}: {
  snapshot: HeldSnapshot;
  accounts: readonly string[];
}) {
  return (
    <form method="get" action="/held" class="filters">
      <SelectField name="account" label="Account" all="all" options={accounts} chosen={filter.account} />
      <TextField name="person" label="Person, * for any characters" value={filter.person} />
      <SelectField
        name="rule"
        label="Held by"
        all="limit or latch"
        options={heldRules}
        optionText={(rule) => ruleNames[rule]}
        chosen={filter.rule}
      />
      <button type="submit">Show</button>
    </form>
  );
}

/** Those of the safeguard and of the list; and the one that was asked for, so that it stays chosen. */
function accountsOf({ decisions, filter }: HeldSnapshot, safeguard: Attempt<SafeguardReport>): string[] {
  const known = safeguard.kind === "read" ? safeguard.value.accounts.map(({ accountId }) => accountId) : [];
  const listed = decisions.map(({ accountId }) => accountId);
  return [...new Set([...known, ...listed, ...[filter.account ?? []].flat()])].toSorted();
}

export const ruleNames: Record<HeldRule, string> = { SuspensionLimit: "limit", SuspensionLatch: "latch" };

function HeldTable({ view, snapshot, page }: { view: View; snapshot: HeldSnapshot; page: number }) {
  const begin = (page - 1) * heldOnPage;
  const redact = redactForDisplay(snapshot.filter.person);
  const rows = snapshot.decisions
    .slice(begin, begin + heldOnPage)
    .map((decision) => ({ decision, attributes: readWaitingEvent(decision.event).attributes ?? {} }));
  const hasAttributes = rows.some(({ attributes }) => Object.keys(attributes).length > 0);
  return (
    <table class="rows tickable">
      <caption class="unseen">Held suspensions</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="unseen">Ticked</span>
            <input type="checkbox" class="tick-all" aria-label="Tick all of this page" hidden />
          </th>
          <th scope="col">Person</th>
          <th scope="col">Account</th>
          <th scope="col">Held</th>
          <th scope="col">By</th>
          {hasAttributes ? <th scope="col">What HR says</th> : null}
          <th scope="col">Event</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ decision, attributes }, index) => {
          const { personId, accountId, heldAt, rule, eventId } = toHeldReport(decision, redact, view.now);
          const number = begin + index;
          return (
            <tr>
              <td class="tick">
                <input
                  type="checkbox"
                  name="row"
                  value={String(number)}
                  id={`row-${number}`}
                  aria-label={`${personId} of ${accountId}`}
                />
              </td>
              <td data-label="Person">
                <PersonLink id={personId} />
              </td>
              <td data-label="Account">{accountId}</td>
              <td data-label="Held">
                <Moment at={heldAt} view={view} />
              </td>
              <td data-label="By">
                <Badge tone={rule === "SuspensionLimit" ? "bad" : "warn"}>{ruleNames[rule]}</Badge>
              </td>
              {hasAttributes ? (
                <td data-label="What HR says">
                  {Object.entries(attributes)
                    .map(([name, value]) => `${redact(name)} ${redact(value)}`)
                    .join(", ")}
                </td>
              ) : null}
              <td data-label="Event">
                <span class="id">{eventId}</span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Choice({ people }: { people: number }) {
  return (
    <div class="acts">
      <fieldset>
        <legend>Whom?</legend>
        <label>
          <input type="radio" name="scope" value="ticked" checked /> the ticked <span class="tick-count" />
        </label>
        <label>
          <input type="radio" name="scope" value="all" /> all {people.toLocaleString("en")} that match
        </label>
      </fieldset>
      <ReasonField id="because" />
      <div class="buttons">
        <button type="submit" name="action" value="release">
          Release…
        </button>
        <button type="submit" name="action" value="discard">
          Discard…
        </button>
        <span class="hint">You see exactly what would be done before it is done.</span>
      </div>
    </div>
  );
}
