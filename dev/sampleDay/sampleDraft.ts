import type { DetailType } from "../../src/events/hrEvent.ts";
import { type SampleAccount, sampleUser, sampleUsers } from "./sampleAccounts.ts";
import type { SeededRandom } from "./seededRandom.ts";

/** An event that has no id and no timestamp yet. */
export interface Draft {
  type: DetailType;
  person: SamplePerson;
  /** Fields of `data` in addition to the person's; they may also replace those. */
  data?: Record<string, unknown>;
  /** Fields that the schema does not know. */
  unknownFields?: Record<string, unknown>;
  /** When HR decided: seconds into the day, UTC. */
  second: number;
  /** The delay between decision and arrival. */
  lateSeconds?: number;
  namesUserId?: boolean;
}

export const HOUR_SECONDS = 3600;

/** The person of an event. Without `userId`, no directory has them when the day begins. */
export interface SamplePerson {
  personId: string;
  email: string;
  userId?: string;
  licenseType?: string;
  /** Of newcomers. */
  profile?: { givenName: string; familyName: string };
}

/** Hands out the people of an account, each only once, so that no two drafts are about one person by accident. */
export interface PeoplePool {
  account: SampleAccount;
  registered(): SamplePerson;
  suspended(): SamplePerson;
  newcomer(): SamplePerson;
}

const givenNames = ["amina", "bruno", "chen", "dalia", "emeka", "freya", "goran", "hana", "ines", "jonas"];
const familyNames = ["abara", "bakker", "costa", "diaz", "eriksen", "fischer", "garcia", "horvat"];

export function peoplePool(account: SampleAccount, random: SeededRandom): PeoplePool {
  const ofStatus = (status: "Registered" | "Suspended") =>
    random.shuffle(sampleUsers(account).filter((user) => user.status === status)).values();
  const registered = ofStatus("Registered");
  const suspended = ofStatus("Suspended");
  let newcomers = 0;
  return {
    account,
    registered: () => next(registered, `registered people in ${account.id}`),
    suspended: () => next(suspended, `suspended people in ${account.id}`),
    newcomer: () => newcomer(account, newcomers++),
  };
}

function newcomer(account: SampleAccount, index: number): SamplePerson {
  const given = givenNames[index % givenNames.length] ?? "";
  const family = familyNames[index % familyNames.length] ?? "";
  const { personId } = sampleUser(account, account.users + 1 + index);
  const profile = { givenName: capitalized(given), familyName: capitalized(family) };
  return { personId, email: `${given}.${family}${index}@${account.domain}`, profile };
}

function capitalized(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

function next<T>(people: Iterator<T>, what: string): T {
  const { done, value } = people.next();
  if (done) throw new RangeError(`the sample day asks for more ${what} than there are`);
  return value;
}

/** An event in the form of `rollcall publish`, and its arrival in seconds into the day. */
export interface Arrival {
  second: number;
  event: { "detail-type": DetailType; detail: Record<string, unknown> };
}

/** Gives each draft an id that begins as given, in HR's order, and a timestamp in the UTC offset of one of HR's sites. */
export function toArrivals(drafts: readonly Draft[], idStart: string, random: SeededRandom): Arrival[] {
  return drafts
    .toSorted((a, b) => a.second - b.second)
    .map((draft, index) => {
      const id = `${idStart}${String(index + 1).padStart(4, "0")}`;
      const occurredAt = toTimestamp(draft.second, random.pick(siteOffsets));
      const metadata = { id, schemaVersion: "1.0", occurredAt };
      const event = { "detail-type": draft.type, detail: { metadata, data: toData(draft) } };
      return { second: draft.second + (draft.lateSeconds ?? 0), event };
    });
}

/** Most producers know the address but not the user id. */
function toData({ type, person, namesUserId = false, data, unknownFields }: Draft): Record<string, unknown> {
  const { personId, email, userId, profile } = person;
  return {
    personId,
    email,
    ...(type === "EmployeeHired" && profile !== undefined ? { profile } : {}),
    ...(namesUserId && userId !== undefined ? { userId } : {}),
    ...data,
    ...unknownFields,
  };
}

const siteOffsets = ["Z", "+02:00", "-04:00", "+05:30", "+12:00"] as const;
const dayStart = Date.parse("2026-05-14T00:00:00Z");

/** Formats an instant in the local time of a site. */
function toTimestamp(second: number, offset: (typeof siteOffsets)[number]): string {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? [];
  const offsetMinutes = Number(`${sign ?? ""}1`) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  const local = new Date(dayStart + (second + offsetMinutes * 60) * 1000);
  return local.toISOString().slice(0, "2026-05-14T00:00:00".length) + offset;
}
