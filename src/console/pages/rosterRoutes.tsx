import type { PublishReport } from "../../operations/publishLines.ts";
import {
  type PlanReport,
  planRoster,
  type ReconcileRequest,
  syncRoster,
} from "../../operations/reconcileRoster.ts";
import type { Policy } from "../../policy/policy.ts";
import { eventLines, type RosterPlan } from "../../reconcile/planRoster.ts";
import { readDirectory } from "../../reconcile/readDirectory.ts";
import type { RosterDirectory } from "../../reconcile/rosterPorts.ts";
import type { ConsolePorts } from "../consolePorts.ts";
import type { JobEnd, JobRun } from "../server/jobs.ts";
import { type Room, refuse, textIn } from "../server/room.tsx";
import { createSnapshots } from "../server/snapshots.ts";
import { PlanPage, RosterPage } from "./rosterPage.tsx";

const current = "/roster";

/** An export that was compared, and what came of it. */
interface Compared {
  name: string;
  bytes: Uint8Array;
  asOf: number;
  policy: Policy;
  plan: RosterPlan;
  report: PlanReport;
}

/** Each is held in memory whole. */
const exportsKept = 3;
const mostRosterBytes = 200 * 1024 * 1024;

/** An export of HR is compared with the directories, and its events are published or downloaded. */
export function addRosterRoutes(room: Room): void {
  const { app, ports, jobs, view, show, ask, act } = room;
  const compared = createSnapshots<Compared>(exportsKept);

  app.get(current, (c) => {
    const loaded = ports.loadPolicy();
    if (loaded.kind === "failed") return refuse(room, c, { message: loaded.message, current, back: "/" });
    return show(c, <RosterPage view={view(c)} hasPolicy={loaded.policy !== undefined} />);
  });

  const plan: Parameters<Room["ask"]>[1] = async (c, form) => {
    const loaded = ports.loadPolicy();
    if (loaded.kind === "failed") return refuse(room, c, { message: loaded.message, current });
    const { policy } = loaded;
    const file = form.get("roster");
    if (policy === undefined || !(file instanceof File) || file.size === 0)
      return refuse(room, c, { message: "Choose an export that is not empty.", current });
    const asOf = Date.parse(textIn(form, "asOf") || new Date(ports.now()).toISOString());
    if (Number.isNaN(asOf))
      return refuse(room, c, { message: "Say when the export was true, as a date and a time.", current });
    const bytes = new Uint8Array(await file.arrayBuffer());
    const { name } = file;
    const request = requestOf({ bytes, policy, asOf });
    const planning = await ports.withDirectories(policy, async ({ directory }) =>
      planRoster(request, { ...(await planPorts(ports, policy, directory)), memory: ports.rosterMemory }),
    );
    if (planning.kind !== "planned")
      return show(c, <RosterPage view={view(c)} hasPolicy unusable={{ name, why: planning }} />, 400);
    const token = compared.keep({ name, bytes, asOf, policy, ...planning });
    return show(c, <PlanPage view={view(c)} name={name} token={token} report={planning.report} />);
  };
  ask("/roster/plan", plan, { mostBytes: mostRosterBytes });

  app.get("/roster/events", async (c) => {
    const found = compared.find(c.req.query("plan") ?? "");
    if (found === undefined) return refuse(room, c, { message: tooOld, current });
    const lines: string[] = [];
    for await (const { bytes } of eventLines(found.plan.changes))
      lines.push(Buffer.from(bytes).toString("utf8").trimEnd());
    return c.body(`${lines.join("\n")}\n`, 200, {
      "Content-Type": "application/x-ndjson; charset=utf-8",
      "Content-Disposition": 'attachment; filename="roster-events.jsonl"',
    });
  });

  act("/roster/sync", (c, form) => {
    const found = compared.find(textIn(form, "plan"));
    if (found === undefined) return refuse(room, c, { message: tooOld, current });
    const about = {
      title: `Publishing what ${found.name} changes`,
      command: ports.commandLine("sync", { ids: [found.name] }),
      current,
      back: { href: "/", text: "What becomes of it" },
    } as const;
    const id = jobs.start(about, (job) => sync(found, ports, job));
    return c.redirect(`/acts/${id}`, 303);
  });
}

const tooOld = "The comparison is too old; compare the export anew.";

function requestOf({ bytes, policy, asOf }: Pick<Compared, "bytes" | "policy" | "asOf">): ReconcileRequest {
  return { bytes: inOnePiece(bytes), policy, asOf };
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** What a plan asks: the directories, and what the ledger knows of addresses, latches and pauses. */
async function planPorts(
  ports: ConsolePorts,
  policy: Policy,
  directory: Parameters<typeof readDirectory>[1],
) {
  const [accounts, pauses] = await Promise.all([ports.safeguard.list(), ports.pauses.list()]);
  const closed = accounts.flatMap(({ accountId, state }) =>
    state.latch === undefined ? [] : [[accountId, state.latch.closedAt] as const],
  );
  const readAccounts: RosterDirectory["readAccounts"] = (ids) => readDirectory(ids, directory);
  return {
    now: ports.now,
    directory: { readAccounts },
    addresses: ports.rosterAddresses(policy),
    closedLatches: new Map(closed),
    pauses,
  };
}

/** Plans anew, and publishes only if that is exactly what was shown: the directory may have changed since. */
async function sync(
  { name, plan, report, ...found }: Compared,
  ports: ConsolePorts,
  { signal, onProgress }: JobRun,
): Promise<JobEnd> {
  onProgress({ done: 0, all: plan.changes.length });
  const shown = JSON.stringify(report.changes);
  let published: PublishReport | undefined;
  const result = await ports.withDirectories(found.policy, async ({ directory }) =>
    syncRoster(requestOf(found), {
      ...(await planPorts(ports, found.policy, directory)),
      memory: ports.rosterMemory,
      onPlanned: () => {},
      confirm: async ({ changes }) => JSON.stringify(changes) === shown,
      publish: (lines) =>
        ports.publishAll(lines, signal, (done) => onProgress({ done, all: plan.changes.length })),
      onPublished: (publication) => {
        published = publication;
      },
    }),
  );
  if (result.kind === "declined")
    throw new Error(
      "the directory has changed since it was compared, and nothing was published; compare the export anew",
    );
  if (result.kind === "refused") throw new Error(`${result.message}; nothing was published`);
  if (published === undefined) throw new Error(`${name} is not believed any more; compare it anew`);
  const left = published.events - published.accepted;
  return {
    counts: { published: published.accepted, ...(left > 0 && { left }) },
    consequence: "They are carried out within a minute or two. Leavers beyond the limit are held.",
    warnings:
      left > 0
        ? ["Compare and publish the export again: events that were published already do no harm."]
        : [],
    isComplete: left === 0,
    // Events go in another order than the plan lists them, so those that are left are told by their lines.
    results:
      left === 0
        ? report.changes.map(({ kind, personId, accountId }) => ({
            result: "published",
            ...(personId !== null && { personId }),
            what: [kind, accountId].filter(Boolean).join(", "),
          }))
        : published.rejected.map(({ line, status, reasons }) => ({
            result: status,
            what: `event ${line}`,
            failure: reasons.join("; "),
          })),
  };
}
