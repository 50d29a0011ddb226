import type { DirectoryUser, FailureClass, Operation } from "../../src/directory/directory.ts";
import type { Intent } from "../../src/pipelineSettings.ts";
import type { OutcomeKind } from "../../src/provisioning/outcome.ts";
import type { RecordedCall } from "../directory/fakeDirectory.ts";
import type { EventMessage, Message } from "./anyBatch.ts";
import { accountOf, accountRead, type Round, roundsOf, userRead } from "./directoryReads.ts";

/**
 * The outcome that each message must have, by the events and by the directory's calls and answers. It shares no code with
 * `processBatch`: where that plans ahead, this looks back.
 */
export function expectedKinds(messages: readonly Message[], intent: Intent, calls: readonly RecordedCall[]) {
  const kinds = messages.map((message) => unread(message, intent));
  const people = new Map<string, number[]>();
  for (const [index, message] of messages.entries()) {
    if (kinds[index] === undefined && message.type === "event") {
      people.set(message.personId, [...(people.get(message.personId) ?? []), index]);
    }
  }
  const newestOnes = [...people.values()].map((indices) => newestOf(indices, messages));
  const kindOf = kindsOfNewest(newestOnes, intent, calls);
  for (const newest of newestOnes) {
    const kind = kindOf.get(newest) ?? "retry";
    for (const index of people.get(newest.message.personId) ?? []) {
      // One id is one event, also where its copies have different times.
      const message = messages[index];
      const isCopy = message?.type === "event" && message.eventId === newest.message.eventId;
      const ofOthers = isCopy ? "unchanged" : "superseded";
      kinds[index] = index === newest.index || kind === "retry" ? kind : ofOthers;
    }
  }
  return kinds;
}

/** A person's newest event, and whether any of the person's messages has come before. */
interface Person {
  index: number;
  message: EventMessage;
  isRedelivered: boolean;
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
  return { ...newest, isRedelivered: events.some(({ message }) => message.receiveCount > 1) };
}

function rank(message: Message | undefined): string {
  return message?.type === "event" ? `${message.minute} ${message.eventId.padStart(8)}` : "";
}

type Kinds = Map<Person, OutcomeKind>;
type Wanted = { person: Person; accountId: string; operation: Operation; target: string; byId: boolean };

/** A leaver is suspended at each address, and has left once nobody is left at any of them. */
function kindsOfNewest(people: readonly Person[], intent: Intent, calls: readonly RecordedCall[]): Kinds {
  if (intent !== "offboard") return kindsByAddress(people, intent, calls).kinds;
  const places = new Map(people.map((person) => [person, placesOf(person)]));
  const { kinds, nobody } = kindsByAddress([...places.values()].flat(), intent, calls);
  const joined: Kinds = new Map();
  for (const [person, [first, ...further]] of places) {
    const counting = further.filter((place) => !nobody.has(place));
    const own = first !== undefined && (counting.length === 0 || !nobody.has(first)) ? [first] : [];
    const ends = [...own, ...counting].map((place) => kinds.get(place) ?? "retry");
    const worst = (["retry", "rejected", "applied", "unchanged"] as const).find((kind) =>
      ends.includes(kind),
    );
    joined.set(person, worst ?? "retry");
  }
  return joined;
}

/** The person under the current address, and under each earlier one, whose account is not one that takes no orders. */
function placesOf(person: Person): Person[] {
  const { message } = person;
  const earlier = message.previousEmails.filter((email) => accountOf(email) !== "oidc");
  return [message.email, ...earlier].map((email, index) => ({
    ...person,
    message: { ...message, email, previousEmails: [], ...(index > 0 && { userId: undefined }) },
  }));
}

/**
 * A person whose id is unknown to the account gets a second round, by address: where HR gave the id, or where the account has
 * just shown a leaver. Whom it has shown and now does not is gone.
 */
function kindsByAddress(
  people: readonly Person[],
  intent: Intent,
  calls: readonly RecordedCall[],
): { kinds: Kinds; nobody: ReadonlySet<Person> } {
  const accounts = (accountId: string) => accountRead(calls, accountId);
  const [first, second] = roundsOf(calls);
  const kinds: Kinds = new Map();
  const nobody = new Set<Person>();
  const wanted = wantedOf(people, { intent, accounts, round: first, byAddress: false, nobody }, kinds);
  noteResults(wanted, first, kinds);
  const refused = wanted.filter((one) => failureOf(one, first) === "noSuchUser");
  const unknown = new Set(refused.filter(({ byId }) => byId).map(keyOf));
  const shown = new Set(
    refused.filter((one) => !one.byId && one.operation === "suspend").map(({ person }) => person),
  );
  const retried = wanted
    .filter((one) => shown.has(one.person) || (one.byId && unknown.has(keyOf(one))))
    .map(({ person }) => person);
  const again = { intent, accounts, round: second, byAddress: true, nobody };
  noteResults(wantedOf(retried, again, kinds), second, kinds);
  for (const person of shown) if (nobody.delete(person)) kinds.set(person, "unchanged");
  return { kinds, nobody };
}

interface Situation {
  intent: Intent;
  accounts: (accountId: string) => ReturnType<typeof accountRead>;
  round: Round;
  byAddress: boolean;
  /** Those whom the account does not have. */
  nobody: Set<Person>;
}

/** The people who need a call; the kinds of the others are noted. */
function wantedOf(people: readonly Person[], situation: Situation, kinds: Kinds): Wanted[] {
  return people.flatMap((person) => {
    const wanted = wantedBy(person, situation);
    if (typeof wanted !== "string") return [wanted];
    kinds.set(person, wanted);
    return [];
  });
}

function wantedBy(
  person: Person,
  { intent, accounts, round, byAddress, nobody }: Situation,
): Wanted | OutcomeKind {
  const { message, isRedelivered } = person;
  const accountId = accountOf(message.email) ?? "";
  const account = accounts(accountId);
  if (account === undefined) return "retry";
  if ("class" in account) return kindOfFailure(account.class, message);
  const capability = account.capabilities[intent].remembered;
  if (capability.kind === "reject") return "rejected";
  if (!account.active) return "retry";
  if (capability.kind !== "call") throw new Error(`expected a call for ${intent}; got ${capability.kind}`);
  const { operation } = capability;
  if (operation === "setLicense" && !account.licenses.includes(licenseOf(message))) return "rejected";
  const wanted = { person, accountId, operation };
  const isInvitation = operation === "create";
  const mayBeThere = isRedelivered || message.previousEmails.length > 0;
  if (isInvitation && !mayBeThere) return { ...wanted, target: message.email, byId: false };
  if (!isInvitation && message.userId !== undefined && !byAddress) {
    return { ...wanted, target: message.userId, byId: true };
  }
  const user = userRead(round.reads, accountId, [message.email, ...message.previousEmails]);
  if (user === "nothing") return "retry";
  if (user === "nobody") {
    if (isInvitation) return { ...wanted, target: message.email, byId: false };
    nobody.add(person);
    return operation === "suspend" ? "rejected" : "deferred";
  }
  if ("class" in user) return kindOfFailure(user.class, message);
  if (isDone(operation, user, message)) return "unchanged";
  return { ...wanted, target: isInvitation ? message.email : user.userId, byId: false };
}

function isDone(operation: Operation, { state, license }: DirectoryUser, message: EventMessage) {
  if (operation === "setLicense") return license === licenseOf(message);
  if (operation === "create") return ["active", "invited"].includes(state);
  return (state === "suspended") === (operation === "suspend");
}

/** Where several people are one user, the newest decides on the license; then all have the result of the user. */
function noteResults(wanted: readonly Wanted[], round: Round, kinds: Kinds): void {
  for (const one of wanted) {
    const rivals = wanted.filter((other) => keyOf(other) === keyOf(one));
    const winner = rivals.reduce((a, b) => (rank(a.person.message) < rank(b.person.message) ? b : a), one);
    const differs =
      one.operation === "setLicense" && licenseOf(one.person.message) !== licenseOf(winner.person.message);
    const failure = failureOf(one, round);
    const kind = failure === "none" ? "applied" : kindOfFailure(failure, one.person.message);
    kinds.set(one.person, differs ? "superseded" : kind);
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

function kindOfFailure(failureClass: FailureClass, { receiveCount }: EventMessage): OutcomeKind {
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
