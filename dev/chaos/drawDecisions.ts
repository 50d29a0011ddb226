import type { License } from "@rollcall/chime-simulator/chimeApi";
import { seededFraction } from "@rollcall/simulated-service/seededDraws";
import { dayMilliseconds } from "../../src/events/eventTime.ts";
import type { DetailType } from "../../src/events/hrEvent.ts";
import type { SampleAccount } from "../sampleDay/sampleAccounts.ts";
import { type SeededRandom, seededRandom } from "../sampleDay/seededRandom.ts";
import type { Population, RunPerson } from "./population.ts";

/**
 * Draws HR's decisions about the people: leaves, returns, hires, roles and licenses, several about one person, some of them
 * made at the same time, and some by a clock that is hours ahead. The same seed gives the same decisions, except for those that
 * are made or take effect after `startedAt` (milliseconds since the epoch).
 */
export function drawDecisions(
  { accounts, people }: Population,
  { seed, events, startedAt }: { seed: number; events: number; startedAt: number },
): HrEventLine[] {
  const random = seededRandom(seed);
  const [someone, ...others] = people;
  if (someone === undefined) return [];
  const lastOccurredAt = new Map<string, number>();
  return Array.from({ length: events }, (_, index) => {
    const person = random.pick([someone, ...others]);
    const type = random.pick(person.userId === undefined ? ofNewcomers : ofMembers);
    const occurredAt = drawOccurredAt(lastOccurredAt.get(person.personId), startedAt, random);
    lastOccurredAt.set(person.personId, occurredAt);
    const account = accounts.find(({ id }) => id === person.accountId);
    return {
      "detail-type": type,
      detail: {
        metadata: {
          id: `chaos-${seed}-${index + 1}`,
          schemaVersion: "1.0",
          occurredAt: toTimestamp(occurredAt, random),
        },
        data: {
          ...identify(person, random),
          ...drawEffect(occurredAt, startedAt, random),
          ...drawContent(type, account, random),
        },
      },
    };
  });
}

type Choices = readonly [DetailType, ...DetailType[]];

/** Detail-types for people whom the directory has, each as likely as it is listed. */
const ofMembers: Choices = [
  "EmployeeLeft",
  "EmployeeLeft",
  "EmployeeLeft",
  "EmployeeReturned",
  "EmployeeReturned",
  "EmployeeHired",
  "LicenseChanged",
  "LicenseChanged",
  "EmployeeRoleChanged",
];
/** Detail-types for newcomers. A license for a user who does not exist would wait for minutes, longer than a run. */
const ofNewcomers: Choices = ["EmployeeHired", "EmployeeHired", "EmployeeLeft", "EmployeeReturned"];

const roles = ["engineer", "sales", "contractor"] as const;

/** Most producers know the address but not the user id, and some write it in another case. */
function identify({ personId, sharedId, email, userId }: RunPerson, random: SeededRandom) {
  const written = random.integer(1, 10) === 1 ? email.replace(/^./, (first) => first.toUpperCase()) : email;
  return {
    personId: sharedId ?? personId,
    email: written,
    ...(userId !== undefined && random.integer(1, 4) === 1 && { userId }),
  };
}

function drawContent(
  type: DetailType,
  account: SampleAccount | undefined,
  random: SeededRandom,
): Readonly<Record<string, string>> {
  const [license = "Basic", ...licenses] = account?.supportedLicenses ?? [];
  switch (type) {
    case "EmployeeLeft":
      return random.integer(1, 10) === 1 ? { urgency: "immediate", reason: "dismissal" } : {};
    case "EmployeeHired":
    case "EmployeeReturned":
      return random.integer(1, 2) === 1 ? drawRole([license, ...licenses], random) : {};
    case "LicenseChanged":
      return { licenseType: random.pick([license, ...licenses]) };
    case "EmployeeRoleChanged":
      return drawRole([license, ...licenses], random);
  }
}

/** A role, and for some a license as well. */
function drawRole(
  licenses: readonly [License, ...License[]],
  random: SeededRandom,
): Readonly<Record<string, string>> {
  const named = random.integer(1, 5) === 1 ? { licenseType: random.pick(licenses) } : {};
  return { role: random.pick(roles), ...named };
}

/** The decisions are made in the past, so that nearly all are in effect when they arrive. */
const spanStart = Date.parse("2025-01-06T00:00:00Z");
const spanSeconds = 120 * 86_400;

/** The UTC offsets of HR's sites. */
const offsets = ["Z", "+02:00", "-04:00", "+05:30", "+12:00"] as const;
/** Time zones without daylight saving time, so that the oracle needs no calendar to know when a day ends. */
const zones = ["Asia/Tokyo", "Asia/Kolkata", "America/Phoenix"] as const;

/** One decision in so many is dated ahead, by some minutes to most of a day. The service waits until then. */
const oneAheadIn = 50;
const minuteMilliseconds = 60_000;
const aheadMinutes = { least: 20, most: 22 * 60 };

/** When HR decided, in milliseconds. Some decisions about a person have the time of the one before. */
function drawOccurredAt(before: number | undefined, startedAt: number, random: SeededRandom): number {
  if (before !== undefined && random.integer(1, 8) === 1) return before;
  if (random.integer(1, oneAheadIn) === 1)
    return startedAt + random.integer(aheadMinutes.least, aheadMinutes.most) * minuteMilliseconds;
  const milliseconds = random.integer(1, 10) === 1 ? random.integer(0, 999) : 0;
  return spanStart + random.integer(0, spanSeconds) * 1000 + milliseconds;
}

/** So many of a hundred decisions are announced hours ahead. Several about one person wait beside each other then. */
const announcedPerHundred = 5;

/**
 * When a decision takes effect, as fields of the event: mostly at once, else some days before or after it was made, as an
 * instant or as a day. One in a hundred takes effect shortly after `startedAt`, so that it has to wait in the ledger, and some hours after it. What is dated
 * ahead takes effect no later, because a run does not last so long.
 */
function drawEffect(
  occurredAt: number,
  startedAt: number,
  random: SeededRandom,
): Readonly<Record<string, string>> {
  const kind = random.integer(1, 100);
  const isAhead = occurredAt > startedAt;
  if (kind === 1 && !isAhead)
    return { effectiveAt: new Date(startedAt + random.integer(10_000, 40_000)).toISOString() };
  if (kind <= announcedPerHundred + 1 && !isAhead) {
    const minutes = random.integer(aheadMinutes.least, aheadMinutes.most);
    return { effectiveAt: new Date(startedAt + minutes * minuteMilliseconds).toISOString() };
  }
  if (kind > 25) return {};
  const other = occurredAt + random.integer(-3, isAhead ? -1 : 10) * dayMilliseconds;
  return kind > 11
    ? { effectiveAt: toTimestamp(other, random) }
    : { effectiveDate: new Date(other).toISOString().slice(0, 10), timeZone: random.pick(zones) };
}

/** Formats an instant in the local time of one of HR's sites. */
function toTimestamp(milliseconds: number, random: SeededRandom): string {
  const offset = random.pick(offsets);
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  const offsetMinutes = Number(`${sign ?? ""}1`) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  return new Date(milliseconds + offsetMinutes * 60_000).toISOString().replace("Z", offset);
}

/**
 * The order in which decisions are published: HR's own order, with each event delayed by up to half of the whole stream, and
 * some of them published a second time at another place. What is dated ahead comes anywhere.
 */
export function toArrivalOrder(decisions: readonly HrEventLine[], seed: number): HrEventLine[] {
  const random = seededRandom(seed + 1);
  const inOrder = decisions.toSorted((a, b) => sentAt(a, seed) - sentAt(b, seed));
  const shuffled = random.shuffle(inOrder.map((line, index) => ({ line, index })));
  const publications = [
    ...inOrder.map((line, index) => ({ line, index })),
    ...shuffled.slice(0, Math.floor(decisions.length / onePublishedTwiceIn)),
  ];
  return publications
    .map(({ line, index }) => ({ line, rank: index + drawDelay(decisions.length, random) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ line }) => line);
}

/** One decision in so many is published twice; as many again are delivered twice (`deliveryFault`). */
const onePublishedTwiceIn = 20;

function drawDelay(length: number, random: SeededRandom): number {
  return random.integer(0, Math.ceil(length / 2));
}

const spanEnd = spanStart + spanSeconds * 1000 + dayMilliseconds;

function sentAt(line: HrEventLine, seed: number): number {
  const { id, occurredAt } = line.detail.metadata;
  if (!isDatedAhead(line)) return Date.parse(occurredAt);
  return spanStart + seededFraction(seed, `sent ${id}`) * (spanEnd - spanStart);
}

/** Whether a clock that was ahead made the decision. Its times follow from when the run was started. */
export function isDatedAhead({ detail }: HrEventLine): boolean {
  return Date.parse(detail.metadata.occurredAt) > spanEnd;
}

/** One event as a line for `rollcall publish`. */
export interface HrEventLine {
  "detail-type": DetailType;
  detail: {
    metadata: { id: string; schemaVersion: string; occurredAt: string };
    data: { personId: string; email: string } & Readonly<Record<string, unknown>>;
  };
}

/** Reads the id that HR gave an event from its `detail`; `undefined` where there is none. */
export function eventIdOf(detail: unknown): string | undefined {
  const id = member(member(detail, "metadata"), "id");
  return typeof id === "string" ? id : undefined;
}

/** Reads the same from the body of a message, which is EventBridge's envelope. */
export function eventIdOfBody(body: string): string | undefined {
  return eventIdOf(member(JSON.parse(body), "detail"));
}

function member(holder: unknown, name: string): unknown {
  return typeof holder === "object" && holder !== null ? Reflect.get(holder, name) : undefined;
}
