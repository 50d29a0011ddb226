import type { AccountSafeguardReport, SafeguardReport } from "../../operations/operateSafeguard.ts";
import { countOf, countPeople } from "../../operations/words/plainWords.ts";
import { LatchGauge } from "../view/charts.tsx";
import { Moment } from "../view/moments.tsx";
import { Badge, CommandLine, EmptyState, PostForm, ReasonField } from "../view/parts.tsx";
import { addressOf, type View } from "../view/view.ts";

/** Each account's gauge, with what it shows in words. */
export function Gauges({ report: { accounts }, view }: { report: SafeguardReport; view: View }) {
  if (accounts.length === 0)
    return (
      <EmptyState title="No account is known here.">
        <p>
          Start the console where policy.yml is, or name it with <code>--policy</code>.
        </p>
      </EmptyState>
    );
  return (
    <ul class="gauges">
      {accounts.map((account) => (
        <li>
          <div class="gauge-head">
            <strong class="id">{account.accountId}</strong>
            <LatchBadge account={account} />
          </div>
          <LatchGauge account={account} />
          <p class="quiet">{gaugeText(account)}</p>
          {account.held.people > 0 ? (
            <p>
              <a href={addressOf("/held", { account: account.accountId })}>
                {countPeople(account.held.people)} held
              </a>
            </p>
          ) : null}
          {account.latch.state === "closed" ? (
            <p class="quiet">
              Closed <Moment at={account.latch.since} view={view} />
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function LatchBadge({ account: { latch, limits } }: { account: AccountSafeguardReport }) {
  if (latch.state === "closed") return <Badge tone="bad">latch closed</Badge>;
  return limits.state === "off" ? (
    <Badge tone="warn">switched off</Badge>
  ) : (
    <Badge tone="good">latch open</Badge>
  );
}

/** What the gauge shows, in words. */
function gaugeText({ latch, limits, allowance }: AccountSafeguardReport): string {
  const allowed =
    allowance === null ? "" : ` ${countOf(allowance.people, "more suspension")} allowed by ${allowance.by}.`;
  if (latch.state === "closed")
    return `${latch.asked} were to be suspended when ${latch.passed} had passed, where ${latch.limit} may pass.${allowed}`;
  if (limits.state !== "on")
    return `${limits.state === "off" ? "The policy sets no limit." : "The limit is not known here."}${allowed}`;
  const most =
    limits.limit === null ? `${limits.atLeast}, or ${limits.percent} % of the active users` : limits.limit;
  return `${limits.passed.people} of at most ${most} in ${limits.windowMinutes} min.${allowed}`;
}

/** What an operator may do to an account's latch. */
export function LatchForms({
  account: { accountId, latch },
  view,
}: {
  account: AccountSafeguardReport;
  view: View;
}) {
  return (
    <details class="latch">
      <summary>
        {latch.state === "closed"
          ? `Reset the latch of ${accountId}, or allow suspensions`
          : `Allow suspensions of ${accountId}`}
      </summary>
      {latch.state === "closed" ? (
        <PostForm view={view} action="/safeguard/reset" class="act">
          <input type="hidden" name="account" value={accountId} />
          <p>Once it is open, suspensions pass again, up to the limit. Who is held stays held.</p>
          <ReasonField id={`reset-${accountId}`} />
          <CommandLine
            text={view.commandLine("safeguard reset", { options: { account: accountId, because: "…" } })}
          />
          <button type="submit">Open the latch of {accountId}</button>
        </PostForm>
      ) : null}
      <PostForm view={view} action="/safeguard/allow" class="act">
        <input type="hidden" name="account" value={accountId} />
        <p>For a mass leave that is right. They pass whatever the limit and the latch say.</p>
        <div class="fields">
          <div class="field">
            <label for={`count-${accountId}`}>Suspensions</label>
            <input id={`count-${accountId}`} name="count" type="number" min="1" max="1000000" required />
          </div>
          <div class="field">
            <label for={`hours-${accountId}`}>Hours from now</label>
            <input
              id={`hours-${accountId}`}
              name="hours"
              type="number"
              min="1"
              max="168"
              value="2"
              required
            />
          </div>
        </div>
        <ReasonField id={`allow-${accountId}`} />
        <CommandLine
          text={view.commandLine("safeguard allow", {
            options: { account: accountId, count: "…", until: "2h", because: "…" },
          })}
        />
        <button type="submit">Allow them</button>
      </PostForm>
    </details>
  );
}
