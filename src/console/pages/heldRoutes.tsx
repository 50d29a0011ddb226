import type { Context } from "hono";
import { heldRules, type StoredHeldDecision } from "../../ledger/pendingStore.ts";
import { redactForDisplay } from "../../operations/displayText.ts";
import {
  chooseHeld,
  countHeld,
  decideHeld,
  type HeldAction,
  type HeldDecisionReport,
  meansEverybody,
} from "../../operations/heldSuspensions.ts";
import { grantAllowance, readSafeguard, resetSafeguard } from "../../operations/operateSafeguard.ts";
import { countPeople } from "../../operations/words/plainWords.ts";
import type { JobEnd, JobRun } from "../server/jobs.ts";
import { pageIn, type Room, reasonIn, reasonNeeded, refuse, textIn } from "../server/room.tsx";
import { createSnapshots } from "../server/snapshots.ts";
import { attempt } from "../view/attempt.tsx";
import { Notice } from "../view/parts.tsx";
import { addressOf } from "../view/view.ts";
import { JobPage, ReviewPage } from "./actPages.tsx";
import { HeldPage, ruleNames } from "./heldPage.tsx";
import { filterOf, type HeldQuery, type HeldSnapshot, whomText } from "./heldSnapshot.tsx";

/** The people that an act of the page means. */
interface Selection {
  decisions: readonly StoredHeldDecision[];
  action: HeldAction;
  because: string;
  command: string;
}

const snapshotsKept = 30;

/** Who is held, and what an operator decides about them. */
export function addHeldRoutes(room: Room): void {
  const { app, ports, jobs, view, show, ask, act } = room;
  const snapshots = createSnapshots<HeldSnapshot>(snapshotsKept);
  const selections = createSnapshots<Selection>(snapshotsKept);

  app.get("/held", async (c) => {
    const named = c.req.query("snapshot");
    const shown = named === undefined ? undefined : snapshots.find(named);
    const snapshot = shown ?? (await readHeld(queryOf(c), room));
    const token = shown === undefined || named === undefined ? snapshots.keep(snapshot) : named;
    const safeguard = await attempt(() => safeguardOf(room, snapshot), ports.explainFailure);
    return show(
      c,
      <HeldPage view={view(c)} token={token} snapshot={snapshot} safeguard={safeguard} page={pageIn(c)} />,
    );
  });

  ask("/held/review", async (c, form) => {
    const snapshot = snapshots.find(textIn(form, "snapshot"));
    if (snapshot === undefined)
      return refuse(room, c, {
        message: "The list is too old, so nobody knows whom it showed.",
        current: "/held",
      });
    const because = reasonIn(form);
    if (because === undefined)
      return refuse(room, c, {
        message: reasonNeeded,
        current: "/held",
      });
    const action = textIn(form, "action") === "discard" ? "discard" : "release";
    const decisions = textIn(form, "scope") === "all" ? snapshot.decisions : ticked(form, snapshot);
    if (decisions.length === 0) return refuse(room, c, { message: "Nobody is ticked.", current: "/held" });
    const command = await commandOf({ decisions, action, because }, snapshot, room);
    const selection = selections.keep({ decisions, action, because, command });
    const people = whomText(decisions);
    return show(
      c,
      <ReviewPage
        view={view(c)}
        current="/held"
        title={`${actionWords[action].ask} ${people}?`}
        action="/held/decide"
        fields={{ selection }}
        command={command}
        confirm={`${actionWords[action].ask} ${people} in ${ports.target.text}`}
        back="/held"
      >
        <Notice tone="warn" title={actionWords[action].warning}>
          <ul>
            {countHeld(decisions, redactForDisplay()).map(({ accountId, people: count }) => (
              <li>
                {countPeople(count)} of {accountId}
              </li>
            ))}
          </ul>
          <p>Reason, for the journal: {because}</p>
        </Notice>
      </ReviewPage>,
    );
  });

  act("/held/decide", (c, form) => {
    const selection = selections.find(textIn(form, "selection"));
    if (selection === undefined)
      return refuse(room, c, {
        message: "The list is too old, so nobody knows whom it showed.",
        current: "/held",
      });
    if (ports.actor.kind === "unknown")
      return refuse(room, c, { message: ports.actor.because, current: "/held" });
    const { name: by } = ports.actor;
    const { action, command } = selection;
    const id = jobs.start(
      {
        title: `${actionWords[action].progress} ${whomText(selection.decisions)}`,
        command,
        current: "/held",
        back: { href: "/held", text: "Who is held still?" },
      },
      (job) => decide(selection, by, room, job),
    );
    return c.redirect(`/acts/${id}`, 303);
  });

  act("/safeguard/reset", async (c, form) => {
    const because = reasonIn(form);
    const policy = policyOf(room);
    if (because === undefined || ports.actor.kind === "unknown")
      return refuse(room, c, { message: whyNot(because, room), current: "/held" });
    const account = textIn(form, "account");
    const request = { account, because, by: ports.actor.name };
    const resetting = await resetSafeguard(request, { ...ports, policy, confirm: async () => true });
    if (resetting.kind !== "reset")
      return refuse(room, c, { message: `Nobody knows an account ${account}.`, current: "/held" });
    return c.redirect(addressOf("/held", { account }), 303);
  });

  act("/safeguard/allow", async (c, form) => {
    const because = reasonIn(form);
    const policy = policyOf(room);
    if (because === undefined || ports.actor.kind === "unknown")
      return refuse(room, c, { message: whyNot(because, room), current: "/held" });
    const people = numberIn(form, "count", 1_000_000);
    const hours = numberIn(form, "hours", 168);
    if (people === undefined || hours === undefined)
      return refuse(room, c, {
        message: "A number of suspensions from 1 to 1,000,000 is needed, and 1 to 168 hours.",
        current: "/held",
      });
    const account = textIn(form, "account");
    const until = (now: number) => now + hours * 3_600_000;
    const request = { account, because, by: ports.actor.name, people, until };
    const granting = await grantAllowance(request, { ...ports, policy, confirm: async () => true });
    if (granting.kind !== "allowed")
      return refuse(room, c, { message: `Nobody knows an account ${account}.`, current: "/held" });
    return c.redirect(addressOf("/held", { account }), 303);
  });

  app.get("/acts/:id", (c) => {
    const id = c.req.param("id");
    const job = jobs.find(id);
    if (job === undefined)
      return refuse(room, c, { message: "The console knows no such act; the journal does.", current: "/" });
    return show(c, <JobPage view={view(c)} id={id} job={job} page={pageIn(c)} />);
  });
  ask("/acts/:id/stop", (c) => {
    const id = c.req.param("id") ?? "";
    jobs.find(id)?.stop();
    return c.redirect(`/acts/${id}`, 303);
  });
}

const actionWords: Record<
  HeldAction,
  { ask: string; progress: string; warning: string; consequence: string }
> = {
  release: {
    ask: "Release",
    progress: "Releasing",
    warning: "They will be suspended, whatever the limit and the latch say.",
    consequence: "Those released are published within a minute or two, and suspended then.",
  },
  discard: {
    ask: "Discard",
    progress: "Discarding",
    warning: "They will not be suspended, not even if their events come again.",
    consequence: "Those discarded keep their access. Whoever leaves after all needs a new event from HR.",
  },
};

function queryOf(c: Context): HeldQuery {
  const text = (name: string) => {
    const value = c.req.query(name)?.trim();
    return value === undefined || value === "" ? undefined : value;
  };
  const moment = (name: string) => (/^\d{1,15}$/.test(text(name) ?? "") ? Number(text(name)) : undefined);
  const [account, person, from, to] = [text("account"), text("person"), moment("from"), moment("to")];
  const rule = heldRules.find((each) => each === text("rule"));
  return {
    ...(account !== undefined && { account }),
    ...(person !== undefined && { person }),
    ...(rule !== undefined && { rule }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

async function readHeld(filter: HeldQuery, { ports }: Room): Promise<HeldSnapshot> {
  const readAt = ports.now();
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = filter;
  const everybody = await chooseHeld(ports.held, {}, readAt);
  const matching = await chooseHeld(listOf(everybody), filterOf(filter), readAt);
  const decisions = matching.filter(({ heldAt }) => heldAt >= from && heldAt <= to);
  return { decisions, everybody, filter, readAt };
}

/** What was read already, as the operations take it. */
function listOf(decisions: readonly StoredHeldDecision[]) {
  return {
    async *list() {
      yield* decisions;
    },
  };
}

/** Who is held is known from the snapshot, and not read again. */
async function safeguardOf(room: Room, { everybody }: HeldSnapshot) {
  const { ports } = room;
  const held = listOf(everybody);
  const reading = await readSafeguard(undefined, { ...ports, held, policy: policyOf(room) });
  return reading.kind === "read" ? reading.report : { table: ports.table, accounts: [] };
}

function policyOf({ ports }: Room) {
  const loaded = ports.loadPolicy();
  return loaded.kind === "loaded" ? loaded.policy : undefined;
}

/** The rows are numbers in the snapshot, so that no id has to come back from a browser. */
function ticked(form: FormData, { decisions }: HeldSnapshot): StoredHeldDecision[] {
  const rows = new Set(
    form.getAll("row").map((value) => (typeof value === "string" ? Number(value) : Number.NaN)),
  );
  return decisions.filter((_, index) => rows.has(index));
}

function numberIn(form: FormData, name: string, most: number): number | undefined {
  const text = textIn(form, name);
  const value = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= most ? value : undefined;
}

function whyNot(because: string | undefined, { ports }: Room): string {
  if (because === undefined) return reasonNeeded;
  return ports.actor.kind === "unknown" ? ports.actor.because : "";
}

/** More people than that are named on the command line by what they have in common. */
const namedPeople = 20;

/** The command that does the same. It knows no ticks and no bursts, so it may mean more, and must not run as it is then. */
async function commandOf(
  { decisions, action, because }: Omit<Selection, "command">,
  { everybody, filter, readAt }: HeldSnapshot,
  { ports }: Room,
): Promise<string> {
  const redact = redactForDisplay();
  const isNamed = decisions.length <= namedPeople;
  const meant = isNamed ? { person: decisions.map(({ personId }) => personId) } : filterOf(filter);
  const { account, person, rule } = filter;
  const options = isNamed
    ? { person: [...new Set(meant.person)].map(redact), because }
    : { account, person, rule: rule && ruleNames[rule], because };
  const all = meansEverybody(meant) ? " --all" : "";
  const means = await chooseHeld(listOf(everybody), meant, readAt);
  const note =
    means.length === decisions.length ? "" : `   (of these, only the ${decisions.length} chosen here)`;
  return `${ports.commandLine(`held ${action}`, { options })}${all}${note}`;
}

async function decide(
  { decisions, action, because }: Selection,
  by: string,
  { ports }: Room,
  { signal, onProgress }: JobRun,
): Promise<JobEnd> {
  onProgress({ done: 0, all: decisions.length });
  const { release, discard } = ports.held;
  const held = { release, discard, ...listOf(decisions) };
  const decided = await decideHeld(
    action,
    { by, because },
    { ...ports, held, signal, onProgress, confirm: async () => true },
  );
  if (decided.kind === "declined") throw new Error("expected nobody to be asked");
  return toEnd(action, decided.report);
}

function toEnd(action: HeldAction, { counts, held, latchClosed }: HeldDecisionReport): JobEnd {
  const { busy = 0, failed = 0, untouched = 0 } = counts;
  return {
    counts,
    consequence: actionWords[action].consequence,
    warnings: latchClosed.map(
      (account) =>
        `The latch of ${account} is still closed: who leaves from now on is held too, until it is reset.`,
    ),
    isComplete: busy + failed + untouched === 0,
    results: held.map(({ result, personId, accountId, eventId, failure }) => ({
      result,
      personId,
      what: `${accountId}, ${eventId}`,
      ...(failure !== undefined && { failure }),
    })),
  };
}
