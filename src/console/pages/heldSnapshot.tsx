import type { HeldRule, StoredHeldDecision } from "../../ledger/pendingStore.ts";
import { redactForDisplay } from "../../operations/displayText.ts";
import { countHeld, type HeldFilter } from "../../operations/heldSuspensions.ts";
import { countOf, countPeople, durationText } from "../../operations/words/plainWords.ts";
import { Columns, columnsOf } from "../view/charts.tsx";
import { Moment } from "../view/moments.tsx";
import { addressOf, type View } from "../view/view.ts";

/** Who was held when the page was read: an act of the page means these, and nobody else. */
export interface HeldSnapshot {
  decisions: readonly StoredHeldDecision[];
  /** All who were held then, whether they match or not: an account's latch is about all of them. */
  everybody: readonly StoredHeldDecision[];
  filter: HeldQuery;
  /** Milliseconds since the epoch. */
  readAt: number;
}

/** The filter as the address has it. */
export interface HeldQuery {
  account?: string;
  person?: string;
  rule?: HeldRule;
  /** A burst: those who were held between these moments. Milliseconds since the epoch. */
  from?: number;
  to?: number;
}

export function filterOf({ account, person, rule }: HeldQuery): HeldFilter {
  return {
    ...(account !== undefined && { account: [account] }),
    ...(person !== undefined && { person: [person] }),
    ...(rule !== undefined && { rule }),
  };
}

/** How many people they are about, and how many decisions where somebody is held more than once. */
export function whomText(decisions: readonly StoredHeldDecision[]): string {
  const people = new Set(decisions.map(({ personId }) => personId)).size;
  const more = decisions.length === people ? "" : ` (${countOf(decisions.length, "decision")})`;
  return `${countPeople(people)}${more}`;
}

export function toAddress(
  { from, to, ...query }: HeldQuery,
  more: Record<string, string | undefined> = {},
): string {
  return addressOf("/held", { ...query, from: from?.toString(), to: to?.toString(), ...more });
}

interface Burst {
  accountId: string;
  from: number;
  to: number;
  decisions: StoredHeldDecision[];
}

/** After so long a silence another feed began. */
const burstGapMilliseconds = 300_000;

/** The held decisions of each account, cut where nobody was held for some minutes. They are in the order in which they were held. */
function burstsOf(decisions: readonly StoredHeldDecision[]): Burst[] {
  const open = new Map<string, Burst>();
  const bursts: Burst[] = [];
  for (const decision of decisions) {
    const { accountId, heldAt } = decision;
    const burst = open.get(accountId);
    if (burst !== undefined && heldAt - burst.to <= burstGapMilliseconds) {
      burst.to = Math.max(burst.to, heldAt);
      burst.decisions.push(decision);
      continue;
    }
    const next = { accountId, from: heldAt, to: heldAt, decisions: [decision] };
    open.set(accountId, next);
    bursts.push(next);
  }
  return bursts;
}

const burstsShown = 12;
/** A chart of a moment is one column. */
const shortestDrawnMilliseconds = 5000;

export function Bursts({ snapshot: { decisions }, view }: { snapshot: HeldSnapshot; view: View }) {
  const bursts = burstsOf(decisions);
  const redact = redactForDisplay();
  const first = decisions[0]?.heldAt ?? 0;
  const last = decisions.at(-1)?.heldAt ?? first;
  const columns = columnsOf(
    decisions.map(({ heldAt, rule }) => ({ at: heldAt, tone: rule === "SuspensionLimit" ? "bad" : "warn" })),
    { from: first, to: last + 1, count: 60 },
  );
  const told = `${countHeld(decisions, redact)
    .map(({ accountId, people }) => `${countPeople(people)} of ${accountId}`)
    .join(", ")}, held within ${durationText((last - first) / 1000)}.`;
  return (
    <section aria-labelledby="bursts">
      <h2 id="bursts">Which burst?</h2>
      {last - first < shortestDrawnMilliseconds ? null : <Columns columns={columns} told={told} />}
      <p class="quiet">{told} Red: their batch crossed the limit. Amber: the latch was closed already.</p>
      <ul class="bursts">
        {bursts.slice(0, burstsShown).map(({ accountId, from, to, decisions: ofBurst }) => (
          <li>
            <a href={toAddress({ account: accountId, from, to })}>
              {whomText(ofBurst)} of {redact(accountId)}
            </a>{" "}
            <span class="quiet">
              at <Moment at={new Date(from).toISOString()} view={view} />
              {to - from < 1000 ? null : (
                <>
                  {" "}
                  to <Moment at={new Date(to).toISOString()} view={view} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {bursts.length > burstsShown ? <p class="quiet">and {bursts.length - burstsShown} more</p> : null}
    </section>
  );
}
