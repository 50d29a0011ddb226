import { accountTypesFinder } from "../../directory/kinds/directoryKinds.ts";
import type { PersonHistory } from "../../ledger/personHistory.ts";
import { redactForDisplay } from "../../operations/displayText.ts";
import { explainEvent } from "../../operations/explain/explainEvent.ts";
import { findPeople, toPersonReport } from "../../operations/inspectPerson.ts";
import { toHeldReport } from "../../operations/waitingDecisions.ts";
import type { Policy } from "../../policy/policy.ts";
import type { ConsolePorts } from "../consolePorts.ts";
import { pageIn, type Room, refuse, textIn } from "../server/room.tsx";
import { addressOf } from "../view/view.ts";
import { askDirectories } from "./directoryPart.tsx";
import { FoundPage, type PersonDetails, PersonPage } from "./personPage.tsx";

/** One person: what happened, what waits, and what a leave would do. */
export function addPersonRoutes(room: Room): void {
  const { app, ports, view, show, ask } = room;
  const nobody = (asked: string) => ({ asked, table: ports.table, people: [] });

  // By POST, because an address that is typed must stand in no address bar and no list of visited pages.
  ask("/find", async (c, form) => {
    const asked = textIn(form, "who").trim();
    const people = await findPeople(ports.history, asked);
    const [first] = people;
    if (first !== undefined && people.length === 1)
      return c.redirect(addressOf("/person", { id: first.personId }), 303);
    const redact = redactForDisplay(asked);
    const found = people.map((person) => toPersonReport(person, redact, ports.now()));
    return show(c, <FoundPage view={view(c)} report={{ ...nobody(asked), people: found }} />);
  });

  app.get("/person", async (c) => {
    const id = c.req.query("id") ?? "";
    const person = id === "" ? undefined : await ports.history.ofPerson(id);
    if (person === undefined) return show(c, <FoundPage view={view(c)} report={nobody(id)} />);
    return show(c, <PersonPage view={view(c)} details={toDetails(person, ports.now())} page={pageIn(c)} />);
  });

  ask("/person/reveal", async (c, form) => {
    const id = textIn(form, "id");
    const person = await ports.history.ofPerson(id);
    if (person === undefined) return show(c, <FoundPage view={view(c)} report={nobody(id)} />);
    const details = { ...toDetails(person, ports.now()), revealed: addressesOf(person) };
    return show(c, <PersonPage view={view(c)} details={details} page={1} />);
  });

  ask("/person/directory", async (c, form) => {
    const id = textIn(form, "id");
    const person = await ports.history.ofPerson(id);
    if (person === undefined) return show(c, <FoundPage view={view(c)} report={nobody(id)} />);
    const loaded = ports.loadPolicy();
    const back = addressOf("/person", { id });
    if (loaded.kind === "failed") return refuse(room, c, { message: loaded.message, current: "/", back });
    if (loaded.policy === undefined) return refuse(room, c, { message: noPolicy, current: "/", back });
    const details = {
      ...toDetails(person, ports.now()),
      directory: await askDirectories(id, loaded.policy, ports),
    };
    return show(c, <PersonPage view={view(c)} details={details} page={1} />);
  });

  ask("/person/leaver", async (c, form) => {
    const id = textIn(form, "id");
    const person = await ports.history.ofPerson(id);
    if (person === undefined) return show(c, <FoundPage view={view(c)} report={nobody(id)} />);
    const loaded = ports.loadPolicy();
    const back = addressOf("/person", { id });
    if (loaded.kind === "failed") return refuse(room, c, { message: loaded.message, current: "/", back });
    if (loaded.policy === undefined) return refuse(room, c, { message: noPolicy, current: "/", back });
    const leaverNow = await explainLeave(person, loaded.policy, ports);
    const details = { ...toDetails(person, ports.now()), leaverNow };
    return show(c, <PersonPage view={view(c)} details={details} page={1} />);
  });
}

function toDetails(person: PersonHistory, now: number): PersonDetails {
  const redact = redactForDisplay(person.personId);
  return {
    person: toPersonReport(person, redact, now),
    held: person.held.map((decision) => toHeldReport(decision, redact, now)),
  };
}

function addressesOf({ heads }: PersonHistory): string[] {
  return [...new Set(heads.flatMap(({ email }) => email ?? []))];
}

/** The event that HR would send if the person left this moment. It is explained, and goes nowhere. */
async function explainLeave(person: PersonHistory, policy: Policy, ports: ConsolePorts) {
  const { personId } = person;
  const [email] = addressesOf(person);
  const occurredAt = new Date(ports.now()).toISOString();
  const event = {
    "detail-type": "EmployeeLeft",
    detail: { metadata: { id: "what-if", schemaVersion: "1.0", occurredAt }, data: { personId, email } },
  };
  const { report } = await explainEvent(JSON.stringify(event), {
    ...ports,
    policy,
    accountTypesOf: accountTypesFinder(policy.accounts),
  });
  return report;
}

const noPolicy =
  "There is no policy.yml here, which says what becomes of an event: start the console with --policy.";
