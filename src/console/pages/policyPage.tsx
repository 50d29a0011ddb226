import { accountTypesFinder } from "../../directory/kinds/directoryKinds.ts";
import { type ExplanationReport, explainEvent } from "../../operations/explain/explainEvent.ts";
import { policyWords } from "../../operations/words/policyWords.ts";
import type { PolicyReading } from "../consolePorts.ts";
import { type Room, refuse, textIn } from "../server/room.tsx";
import { Page } from "../view/layout.tsx";
import { CommandLine, EmptyState, Notice, PostForm, Table } from "../view/parts.tsx";
import type { View } from "../view/view.ts";
import { Steps } from "./personPage.tsx";

/** The policy in words, and what it makes of an event that somebody types. */
export function addPolicyRoutes(room: Room): void {
  const { app, ports, view, show, ask } = room;
  app.get("/policy", (c) => show(c, <PolicyPage view={view(c)} reading={ports.readPolicy()} />));

  ask("/policy/try", async (c, form) => {
    const event = textIn(form, "event");
    const loaded = ports.loadPolicy();
    if (loaded.kind === "failed" || loaded.policy === undefined)
      return refuse(room, c, {
        message: "There is no valid policy here, so nothing can be tried.",
        current: "/policy",
      });
    const { policy } = loaded;
    const accountTypesOf = accountTypesFinder(policy.accounts);
    const { report } = await explainEvent(event.trim(), { ...ports, policy, accountTypesOf });
    return show(c, <PolicyPage view={view(c)} reading={ports.readPolicy()} tried={{ event, report }} />);
  });
}

interface PolicyPageProps {
  view: View;
  reading: PolicyReading;
  tried?: { event: string; report: ExplanationReport };
}

function PolicyPage({ view, reading, tried }: PolicyPageProps) {
  return (
    <Page
      view={view}
      title="Policy"
      current="/policy"
      lead="Whose access is managed, and how. Read anew with each look."
    >
      <Reading reading={reading} />
      {reading.kind === "inspected" && reading.inspection.kind === "valid" ? (
        <section aria-labelledby="try">
          <h2 id="try">Try an event</h2>
          {tried === undefined ? null : <Steps report={tried.report} />}
          <PostForm view={view} action="/policy/try" class="act wide">
            <label for="event">An event as it is published</label>
            <textarea id="event" name="event" spellcheck={false} required>
              {tried?.event ?? sampleEvent(view.now)}
            </textarea>
            <button type="submit">Explain; nothing is sent</button>
          </PostForm>
        </section>
      ) : null}
      <CommandLine text={`rollcall policy check${reading.kind === "none" ? "" : ` ${reading.file}`}`} />
    </Page>
  );
}

function Reading({ reading }: { reading: PolicyReading }) {
  if (reading.kind === "none")
    return (
      <EmptyState title="There is no policy.yml here.">
        <p>
          Start the console where it is, or name it with <code>--policy</code>.
        </p>
      </EmptyState>
    );
  if (reading.kind === "unreadable")
    return (
      <Notice tone="bad" title={`${reading.file} cannot be read.`}>
        <p>{reading.message}</p>
      </Notice>
    );
  const { file, inspection } = reading;
  if (inspection.kind === "invalid")
    return (
      <Notice tone="bad" title={`${file} is no valid policy.`}>
        <Table
          caption="What is wrong"
          headings={["Line", "Field", "What is expected"]}
          rows={inspection.report.problems.map(({ line, path, message }) => [line ?? "", path, message])}
        />
      </Notice>
    );
  const { policy } = inspection;
  const { accounts, sentences } = policyWords(policy, accountTypesFinder(policy.accounts));
  return (
    <>
      <Table
        caption="Accounts"
        headings={["Account", "Who", "Suspensions at a time", "Licenses"]}
        rows={accounts.map(({ id, who, limits, licenses }) => [
          <strong class="id">{id}</strong>,
          who,
          limits,
          licenses,
        ])}
      />
      <ul>
        {sentences.map((sentence) => (
          <li>{sentence}</li>
        ))}
      </ul>
    </>
  );
}

function sampleEvent(now: number): string {
  const metadata = { id: "what-if", schemaVersion: "1.0", occurredAt: new Date(now).toISOString() };
  const data = { personId: "P-0001", email: "ada@example.com", role: "engineer" };
  return JSON.stringify({ "detail-type": "EmployeeHired", detail: { metadata, data } }, null, 2);
}
