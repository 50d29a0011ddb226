import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Stack } from "@rollcall/aws-local/stack";
import { dayMilliseconds } from "../../src/events/eventTime.ts";
import { type SeededRandom, seededRandom } from "../sampleDay/seededRandom.ts";
import type { HrEventLine } from "./drawDecisions.ts";
import type { Population, SharedAddress } from "./population.ts";

/** An event that must change nothing: it has to be a dead letter with this code, and fail none of the events that come with it. */
export interface DeadLetterEvent {
  line: HrEventLine;
  code: "Malformed" | "FromTheFuture" | "AddressShared" | "EndsTheFunction";
}

interface DrawOptions {
  seed: number;
  events: number;
  /** Milliseconds since the epoch. */
  startedAt: number;
}

/** Names of zones that some programs take and that no HR event may have: abbreviations, and one that does not exist. */
const zones = ["IST", "PST", "CST", "JST", "BST", "EAT", "Mars/Olympus"] as const;

/** One event in so many has such a zone; is dated weeks ahead; names a shared address; ends the function that reads it. */
const oneIn = { zone: 50, ahead: 200, address: 100, deadly: 400 };
/** Each of them costs a run some minutes: its message comes again only when its queue's visibility timeout has ended. */
const mostDeadly = 2;

/**
 * Draws the events that have to be dead letters, in the order in which they are put between the others. The deadly ones come first,
 * because they take the longest.
 */
export function drawDeadLetters(
  { people, sharedAddresses }: Population,
  { seed, events, startedAt }: DrawOptions,
): DeadLetterEvent[] {
  const random = seededRandom(seed + 2);
  const [someone, ...everybodyElse] = people;
  const [address, ...addresses] = sharedAddresses;
  if (someone === undefined || address === undefined) return [];
  const anybody = () => {
    const { sharedId, personId, email } = random.pick([someone, ...everybodyElse]);
    return { personId: sharedId ?? personId, email };
  };
  const each = (one: number, draw: (nth: number) => DeadLetterEvent) =>
    Array.from({ length: Math.floor(events / one) }, (_, index) => draw(index + 1));
  const deadly = each(oneIn.deadly, (nth) => ({
    line: leave(`${deadlyPrefix(seed)}${nth}`, anybody()),
    code: "EndsTheFunction",
  })).slice(0, mostDeadly);
  const others = random.shuffle([
    ...each(oneIn.zone, (nth) => {
      const zone = { effectiveDate: "2025-09-02", timeZone: random.pick(zones) };
      return { line: leave(`chaos-${seed}-zone-${nth}`, anybody(), zone), code: "Malformed" };
    }),
    ...each(oneIn.ahead, (nth) => {
      const occurredAt = new Date(startedAt + random.integer(14, 300) * dayMilliseconds).toISOString();
      const line = leave(`chaos-${seed}-ahead-${nth}`, anybody(), {}, occurredAt);
      return { line, code: "FromTheFuture" };
    }),
    ...each(oneIn.address, (nth) => {
      const id = `chaos-${seed}-address-${nth}`;
      return {
        line: aboutEither(id, nth, random.pick([address, ...addresses]), random),
        code: "AddressShared",
      };
    }),
  ]);
  return [...deadly, ...others];
}

function deadlyPrefix(seed: number): string {
  return `chaos-${seed}-deadly-`;
}

/**
 * Makes every process of the functions die that reads one of these events. An event in a DynamoDB item, or in the batch of an
 * invocation, is text within a text: its quotes are escaped, and it kills nobody there.
 */
export function deadlyEnvironment(seed: number): Readonly<Record<string, string>> {
  return { CHAOS_DEADLY_TEXT: `"id":"${deadlyPrefix(seed)}` };
}

type Named = Pick<HrEventLine["detail"]["data"], "personId" | "email">;

function leave(
  id: string,
  { personId, email }: Named,
  data: Readonly<Record<string, string>> = {},
  occurredAt = "2025-09-01T08:00:00Z",
): HrEventLine {
  return {
    "detail-type": "EmployeeLeft",
    detail: { metadata: { id, schemaVersion: "1.0", occurredAt }, data: { personId, email, ...data } },
  };
}

/** A leave, or a license, of somebody whose address two users have. Each has an id of its own, so that none gives way to another. */
function aboutEither(id: string, nth: number, person: SharedAddress, random: SeededRandom): HrEventLine {
  const left = leave(id, { ...person, personId: `${person.personId}-${nth}` });
  if (random.integer(1, 2) === 1) return left;
  const data = { ...left.detail.data, licenseType: "Pro" };
  return { "detail-type": "LicenseChanged", detail: { ...left.detail, data } };
}

/** Injected faults refuse an entry now and then, and none for long. */
const tries = 8;

/** Puts an event on the bus as a producer of HR's own does, which checks nothing before. Throws if the bus never takes it. */
export async function putUnchecked(
  { eventBridge, model }: Pick<Stack, "eventBridge" | "model">,
  { detail, "detail-type": DetailType }: HrEventLine,
): Promise<void> {
  const EventBusName = model.buses[0]?.name;
  const entry = { EventBusName, Source: "rollcall.hr", DetailType, Detail: JSON.stringify(detail) };
  for (let left = tries; left > 0; left -= 1) {
    const { FailedEntryCount } = await eventBridge.send(new PutEventsCommand({ Entries: [entry] }));
    if (FailedEntryCount === 0) return;
  }
  throw new Error(`the bus did not accept ${detail.metadata.id}`);
}
