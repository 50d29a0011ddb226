import type { BatchOperation, DirectoryUser, FailureClass } from "../../src/directory/directory.ts";
import type { Intent } from "../../src/pipelines.ts";
import type { OutcomeKind } from "../../src/provisioning/outcome.ts";
import type { RecordedCall } from "../directory/fakeDirectory.ts";
import type { EventMessage, Message } from "./anyBatch.ts";
import { accountOf, type Round, roundsOf, toldAbout, toldOf } from "./whatWasTold.ts";

/**
 * What must become of each message, by the events and by what the directory was asked and answered. It shares no code
 * with the drain: where the drain plans, this looks back.
 */
export function expectedKinds(messages: readonly Message[], intent: Intent, calls: readonly RecordedCall[]) {
  const kinds = messages.map((message) => unread(message, intent));
  const people = new Map<string, number[]>();
  for (const [index, message] of messages.entries()) {
    if (kinds[index] === undefined && message.type === "event") {
      people.set(message.personId, [...(people.get(message.personId) ?? []), index]);
    }
  }
  const newest = [...people.values()].map((indices) => newestOf(indices, messages));
  const fates = fatesOf(newest, intent, calls);
  for (const leader of newest) {
    const fate = fates.get(leader) ?? "retry";
    for (const index of people.get(leader.message.personId) ?? []) {
      const isCopy = rank(messages[index]) === rank(leader.message);
      const behind = isCopy ? "unchanged" : "superseded";
      kinds[index] = index === leader.index || fate === "retry" ? fate : behind;
    }
  }
  return kinds;
}

/** A person's newest event, and whether any of the person's messages has come before. */
interface Person {
  index: number;
  message: EventMessage;
  cameBefore: boolean;
}

function unread(message: Message, intent: Intent): OutcomeKind | undefined {
  if (message.type !== "event") return "rejected";
  if (accountOf(message.email) === undefined) return "excluded";
  const hasLicense = message.licenseType !== undefined || message.role === "engineer";
  return intent === "relicense" && !hasLicense ? "excluded" : undefined;
}

function newestOf(indices: readonly number[], messages: readonly Message[]): Person {
  const events = indices.flatMap((index) => {
    const message = messages[index];
    return message?.type === "event" ? [{ index, message }] : [];
  });
  const [first, ...others] = events;
  if (first === undefined) throw new Error("expected a person to have an event");
  const newest = others.reduce((best, one) => (rank(one.message) > rank(best.message) ? one : best), first);
  return { ...newest, cameBefore: events.some(({ message }) => message.receiveCount > 1) };
}

function rank(message: Message | undefined): string {
  return message?.type === "event" ? `${message.minute} ${message.eventId}` : "";
}

type Fates = Map<Person, OutcomeKind>;
type Wanted = { person: Person; accountId: string; operation: BatchOperation; target: string; byId: boolean };

/** Whoever is not known by the id that HR told gets a second round, by address. */
function fatesOf(people: readonly Person[], intent: Intent, calls: readonly RecordedCall[]): Fates {
  const accounts = (accountId: string) => toldOf(calls, accountId);
  const [first, second] = roundsOf(calls);
  const fates: Fates = new Map();
  const wanted = wantedOf(people, { intent, accounts, round: first, byAddress: false }, fates);
  judge(wanted, first, fates);
  const unknown = new Set(
    wanted.filter((one) => one.byId && failureOf(one, first) === "noSuchUser").map(keyOf),
  );
  const again = wanted.filter((one) => one.byId && unknown.has(keyOf(one))).map(({ person }) => person);
  judge(wantedOf(again, { intent, accounts, round: second, byAddress: true }, fates), second, fates);
  return fates;
}

interface Situation {
  intent: Intent;
  accounts: (accountId: string) => ReturnType<typeof toldOf>;
  round: Round;
  byAddress: boolean;
}

/** Who is left to be served by a call; the others' fate is noted. */
function wantedOf(people: readonly Person[], situation: Situation, fates: Fates): Wanted[] {
  return people.flatMap((person) => {
    const wanted = wantedBy(person, situation);
    if (typeof wanted !== "string") return [wanted];
    fates.set(person, wanted);
    return [];
  });
}

function wantedBy(person: Person, { intent, accounts, round, byAddress }: Situation): Wanted | OutcomeKind {
  const { message, cameBefore } = person;
  const accountId = accountOf(message.email) ?? "";
  const told = accounts(accountId);
  if (told === undefined) return "retry";
  if ("class" in told) return fateOf(told.class, message);
  const answer = told.capabilities[intent];
  if (answer.kind === "reject") return "rejected";
  if (!told.active) return "retry";
  const { operation } = answer;
  if (operation === "updateLicense" && !told.supportedLicenses.includes(licenseOf(message)))
    return "rejected";
  const wanted = { person, accountId, operation };
  const isInvitation = operation === "invite";
  if (isInvitation && !cameBefore) return { ...wanted, target: message.email, byId: false };
  if (!isInvitation && message.userId !== undefined && !byAddress) {
    return { ...wanted, target: message.userId, byId: true };
  }
  const about = toldAbout(round.reads, accountId, [message.email, ...message.previousEmails]);
  if (about === "nothing") return "retry";
  if (about === "nobody") {
    if (isInvitation) return { ...wanted, target: message.email, byId: false };
    return operation === "suspend" ? "rejected" : "deferred";
  }
  if ("class" in about) return fateOf(about.class, message);
  if (isDone(operation, about, message)) return "unchanged";
  return { ...wanted, target: isInvitation ? message.email : about.userId, byId: false };
}

function isDone(operation: BatchOperation, { status, licenseType }: DirectoryUser, message: EventMessage) {
  if (operation === "updateLicense") return licenseType === licenseOf(message);
  if (operation === "invite") return ["registered", "invited"].includes(status);
  return (status === "suspended") === (operation === "suspend");
}

/** Of those who are one user, the newest decides on the license; then each has the fate of the user. */
function judge(wanted: readonly Wanted[], round: Round, fates: Fates): void {
  for (const one of wanted) {
    const rivals = wanted.filter((other) => keyOf(other) === keyOf(one));
    const winner = rivals.reduce((a, b) => (rank(a.person.message) < rank(b.person.message) ? b : a), one);
    const differs =
      one.operation === "updateLicense" && licenseOf(one.person.message) !== licenseOf(winner.person.message);
    const failure = failureOf(one, round);
    const fate = failure === "none" ? "applied" : fateOf(failure, one.person.message);
    fates.set(one.person, differs ? "superseded" : fate);
  }
}

/** How the last call that carried the user failed; one that was not made fails too, for now. */
function failureOf(wanted: Wanted, { batches }: Round): FailureClass | "none" {
  const { accountId, operation, target } = wanted;
  const alike = batches.filter(
    ({ request }) =>
      "entries" in request && request.accountId === accountId && request.operation === operation,
  );
  const last = alike.findLast((call) => targetsOf(call).includes(target));
  if (last === undefined) return "transient";
  if (last.failure?.class === "invalidCall") return blameOf(last, alike);
  if (last.failure !== undefined) return last.failure.class;
  const { answer } = last;
  const result = answer !== undefined && "results" in answer ? answer.results.get(target) : undefined;
  if (result === undefined) return "unknown";
  return result.kind === "done" ? "none" : result.failure.class;
}

/** Refused alone, beside others of the call who passed: for ever. Refused with others: there was no time to ask again. */
function blameOf(last: RecordedCall, alike: readonly RecordedCall[]): FailureClass {
  if (targetsOf(last).length > 1) return "transient";
  return alike.some(({ failure }) => failure === undefined) ? "permanent" : "invalidCall";
}

function targetsOf({ request }: RecordedCall): string[] {
  return "entries" in request ? request.entries.map(({ target }) => target) : [];
}

function fateOf(failureClass: FailureClass, { receiveCount }: EventMessage): OutcomeKind {
  if (["throttled", "transient", "configuration"].includes(failureClass)) return "retry";
  if (["permanent", "noSuchUser"].includes(failureClass)) return "rejected";
  return receiveCount >= 6 ? "rejected" : "retry";
}

function licenseOf({ licenseType, role }: EventMessage): string {
  return licenseType ?? (role === "engineer" ? "Pro" : "");
}

function keyOf({ accountId, operation, target }: Wanted): string {
  return `${accountId} ${operation} ${target}`;
}
