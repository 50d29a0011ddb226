import { randomUUID } from "node:crypto";
import type { PostSuspensionAction } from "../../directory/directory.ts";
import { actOnUser } from "../../operations/directory/actOnUser.ts";
import { showUser, type UserShowReport } from "../../operations/directory/showUser.ts";
import type { Policy } from "../../policy/policy.ts";
import type { ConsolePorts } from "../consolePorts.ts";
import type { JobEnd } from "../server/jobs.ts";
import { type Room, reasonIn, reasonNeeded, refuse, textIn } from "../server/room.tsx";
import { Badge, CommandLine, Notice, PostForm, ReadOnlyNote, ReasonField, Table } from "../view/parts.tsx";
import { addressOf, type View } from "../view/view.ts";

/** What the directories say of a person now, beside what the ledger decided. */
export function DirectoryNow({
  view,
  personId,
  report,
}: {
  view: View;
  personId: string;
  report: UserShowReport | undefined;
}) {
  return (
    <section aria-labelledby="directory">
      <h2 id="directory">In the directories now</h2>
      {report === undefined ? (
        <PostForm view={view} action="/person/directory" class="inline">
          <input type="hidden" name="id" value={personId} />
          <button type="submit">Ask the directories</button>{" "}
          <span class="hint">A look-up in each account of the policy. Nothing is changed.</span>
        </PostForm>
      ) : (
        <Shown view={view} personId={personId} report={report} />
      )}
    </section>
  );
}

function Shown({
  view,
  personId,
  report: { users, absentIn, failures },
}: {
  view: View;
  personId: string;
  report: UserShowReport;
}) {
  return (
    <>
      {failures.map(({ accountId, code, message }) => (
        <Notice tone="bad" title={`${accountId} did not answer: ${code}`}>
          <p>{message}</p>
        </Notice>
      ))}
      {users.length === 0 ? (
        <p>No directory that answered has such a user.</p>
      ) : (
        <Table
          caption="Users in the directories"
          headings={["Account", "User", "State", "License", "What else"]}
          rows={users.map(({ accountId, userId, state, license, facts }) => [
            <strong class="id">{accountId}</strong>,
            <span class="id">{userId}</span>,
            <Badge tone={state === "active" ? "good" : "warn"}>{state}</Badge>,
            license ?? "none told",
            Object.entries(facts)
              .map(([name, value]) => `${name}: ${value}`)
              .join(", "),
          ])}
        />
      )}
      {absentIn.length === 0 ? null : <p class="quiet">Not in {absentIn.join(", ")}</p>}
      <CommandLine text={view.commandLine("user show", { ids: [personId] })} />
      {users.length === 0 ? null : view.readOnly === undefined ? (
        <ActForms view={view} personId={personId} />
      ) : (
        <ReadOnlyNote because={view.readOnly} />
      )}
    </>
  );
}

const actions = {
  signOut: {
    path: "/person/sign-out",
    command: "user sign-out",
    ask: "Sign out",
    progress: "Signing out",
    warning: "Ends all sessions. Whoever may still sign in can do so at once.",
  },
  resetPin: {
    path: "/person/reset-pin",
    command: "user reset-pin",
    ask: "Replace the PIN",
    progress: "Replacing the PIN of",
    warning: "The personal meeting PIN is another one then. Nobody is told.",
  },
} as const satisfies Partial<Record<PostSuspensionAction, object>>;

function ActForms({ view, personId }: { view: View; personId: string }) {
  return (
    <>
      {Object.values(actions).map(({ path, command, ask, warning }) => (
        <details>
          <summary>{ask}</summary>
          <PostForm view={view} action={path} class="act">
            <input type="hidden" name="id" value={personId} />
            <p>{warning}</p>
            <ReasonField id={`because-${command.replace(" ", "-")}`} />
            <CommandLine text={view.commandLine(command, { options: { because: "…" }, ids: [personId] })} />
            <button type="submit">{ask}</button>
          </PostForm>
        </details>
      ))}
    </>
  );
}

/** Signing out and a new PIN, on record. */
export function addUserActRoutes(room: Room): void {
  const { ports, jobs, act } = room;
  for (const [name, { path, command, progress }] of Object.entries(actions)) {
    const action = name === "signOut" ? "signOut" : "resetPin";
    act(path, (c, form) => {
      const id = textIn(form, "id");
      const back = addressOf("/person", { id });
      const because = reasonIn(form);
      const loaded = ports.loadPolicy();
      if (because === undefined) return refuse(room, c, { message: reasonNeeded, current: "/", back });
      if (ports.actor.kind === "unknown")
        return refuse(room, c, { message: ports.actor.because, current: "/", back });
      if (loaded.kind === "failed" || loaded.policy === undefined)
        return refuse(room, c, {
          message: "There is no valid policy here, which names the directories.",
          current: "/",
          back,
        });
      const { policy } = loaded;
      const request = { action, asked: id, by: ports.actor.name, because } as const;
      const about = {
        title: `${progress} ${id}`,
        command: ports.commandLine(command, { options: { because }, ids: [id] }),
        current: "/",
        back: { href: back, text: "The person's page" },
      } as const;
      return c.redirect(`/acts/${jobs.start(about, () => actOn(request, policy, ports))}`, 303);
    });
  }
}

/** Asks all directories of a policy about a person. */
export function askDirectories(id: string, policy: Policy, ports: ConsolePorts): Promise<UserShowReport> {
  return ports.withDirectories(policy, (open) => showUser(id, { ...ports, ...open, isRevealed: false }));
}

async function actOn(
  request: Parameters<typeof actOnUser>[0],
  policy: Policy,
  ports: ConsolePorts,
): Promise<JobEnd> {
  const acted = await ports.withDirectories(policy, (open) =>
    actOnUser(request, { ...ports, ...open, newId: randomUUID, confirm: async () => true }),
  );
  switch (acted.kind) {
    case "done": {
      const { accountId, userId, result, code, failure, journalFault } = acted.report;
      return {
        counts: { [result]: 1 },
        consequence: "The journal says who did it, and why.",
        warnings: journalFault === undefined ? [] : [`The journal has its beginning only: ${journalFault}`],
        isComplete: result === "done",
        results: [
          {
            result,
            personId: request.asked,
            what: `${accountId}, ${userId}`,
            ...(failure !== undefined && { failure: `${code}: ${failure}` }),
          },
        ],
      };
    }
    case "notFound":
      throw new Error("no directory that answered has such a user; nothing was done");
    case "ambiguous":
      throw new Error(
        `several accounts have the user: ${acted.accounts.join(", ")}; use the command with --account. Nothing was done`,
      );
    case "device":
      throw new Error("the user is a shared device, and nobody of HR; nothing was done");
    case "shared":
      throw new Error(
        `the person's address is by the ledger that of ${acted.others.join(", ")} too; use the command with the directory's id ${acted.user.userId}. Nothing was done`,
      );
    case "impossible":
      throw new Error(`the directory of ${acted.account.accountId} has no such call; nothing was done`);
    case "declined":
      throw new Error("expected nobody to be asked");
  }
}
