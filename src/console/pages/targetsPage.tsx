import {
  type DirectoryInspection,
  inspectDirectories,
} from "../../operations/settings/inspectDirectories.ts";
import { abilityTexts } from "../../operations/words/directoryWords.ts";
import type { Policy } from "../../policy/policy.ts";
import type { PolicyReading } from "../consolePorts.ts";
import { type Room, refuse } from "../server/room.tsx";
import { Page } from "../view/layout.tsx";
import { Badge, CommandLine, EmptyState, Notice, PostForm, Table } from "../view/parts.tsx";
import type { View } from "../view/view.ts";

/** What `rollcall directory check` tells. */
interface DirectoriesReport {
  accounts: readonly DirectoryInspection[];
  problems: readonly string[];
}

/** The accounts' directories: which there are, whether they answer, and what they can do. */
export function addTargetRoutes(room: Room): void {
  const { app, ports, view, show, ask } = room;
  app.get("/targets", (c) => {
    const loaded = ports.loadPolicy();
    if (loaded.kind === "failed")
      return refuse(room, c, { message: loaded.message, current: "/targets", back: "/" });
    return show(c, <TargetsPage view={view(c)} policy={loaded.policy} />);
  });
  ask("/targets/check", async (c) => {
    const loaded = ports.loadPolicy();
    if (loaded.kind === "failed" || loaded.policy === undefined)
      return refuse(room, c, {
        message: "There is no valid policy here, which names the directories.",
        current: "/targets",
      });
    const accounts = await ports.withDirectories(loaded.policy, (open) =>
      inspectDirectories(open.accounts, open.directory),
    );
    const problems = problemsOf(ports.readPolicy()).map(({ path, message }) => `${path}: ${message}`);
    const report = { accounts, problems };
    return show(c, <TargetsPage view={view(c)} policy={loaded.policy} report={report} />);
  });
}

function TargetsPage({
  view,
  policy,
  report,
}: {
  view: View;
  policy: Policy | undefined;
  report?: DirectoriesReport;
}) {
  return (
    <Page view={view} title="Targets" current="/targets" lead="The directories whose users follow HR.">
      {policy === undefined ? (
        <EmptyState title="There is no policy.yml here, which names the accounts.">
          <p>
            Start the console where it is, or name it with <code>--policy</code>.
          </p>
        </EmptyState>
      ) : (
        <>
          {report === undefined ? <Accounts policy={policy} /> : <Inspections report={report} />}
          <PostForm view={view} action="/targets/check" class="act">
            <p>
              It asks what provisioning asks: the account, the first page of its users, and one of them.
              Nothing is changed.
            </p>
            <button type="submit">{report === undefined ? "Ask the directories" : "Ask again"}</button>
          </PostForm>
        </>
      )}
      <CommandLine
        text={`rollcall directory check${view.target.isLocal && view.target.stage !== undefined ? ` --stage ${view.target.stage}` : ""}`}
      />
    </Page>
  );
}

function problemsOf(reading: PolicyReading) {
  return reading.kind === "inspected" && reading.inspection.kind === "invalid"
    ? reading.inspection.report.problems
    : [];
}

function Accounts({ policy: { accounts } }: { policy: Policy }) {
  return (
    <Table
      caption="Accounts"
      headings={["Account", "Domains", "Directory"]}
      rows={accounts.map(({ id, domains, directory }) => [
        <strong class="id">{id}</strong>,
        domains.join(", "),
        directory === undefined ? "the default one" : directory.baseUrl,
      ])}
    />
  );
}

const stepNames = { account: "reached", users: "credentials", user: "look-up" } as const;

function Inspections({ report: { accounts, problems } }: { report: DirectoriesReport }) {
  return (
    <>
      {problems.map((problem) => (
        <Notice tone="bad" title="The policy asks for what a directory cannot do.">
          <p>{problem}</p>
        </Notice>
      ))}
      {accounts.map(({ accountId, type, ok, steps, can }) => (
        <section>
          <h2>
            <span class="id">{accountId}</span> {type === null ? null : <span class="why">{type}</span>}{" "}
            <Badge tone={ok ? "good" : "bad"}>{ok ? "answers" : "failed"}</Badge>
          </h2>
          <Table
            caption={`Questions to ${accountId}`}
            headings={["Question", "Answer", "Told"]}
            rows={steps.map(({ step, ok: isOk, detail, code }) => [
              stepNames[step],
              <Badge tone={isOk ? "good" : "bad"}>{isOk ? "ok" : "failed"}</Badge>,
              code === undefined ? detail : `${code}: ${detail}`,
            ])}
          />
          {can === null ? null : (
            <ul>
              {abilityTexts(can).map((text) => (
                <li>{text}</li>
              ))}
            </ul>
          )}
        </section>
      ))}
    </>
  );
}
