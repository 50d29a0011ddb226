import type { SeededRandom } from "../../dev/sampleDay/seededRandom.ts";
import { type DetailType, detailTypes } from "../../src/events/hrEvent.ts";

/** What a queue may hand out, if somebody means harm or a program is broken: a body for each call. */
export type HostileKind = keyof typeof hostileBodies;

/** The local part of every address contains this, so no log line or reason may contain it. */
export const secret = "s3cret";

type Fields = Record<string, unknown>;
interface Detail {
  metadata: Fields;
  data: Fields;
}

const anyType = (random: SeededRandom) => random.pick<DetailType>(["EmployeeHired", ...detailTypes]);
type Field = readonly ["metadata" | "data", string];
const anyField = (random: SeededRandom) => random.pick(fields);
const fields: readonly [Field, ...Field[]] = [
  ["metadata", "id"],
  ["metadata", "schemaVersion"],
  ["metadata", "occurredAt"],
  ["metadata", "correlationId"],
  ["metadata", "waitingSince"],
  ["data", "personId"],
  ["data", "email"],
  ["data", "previousEmails"],
  ["data", "userId"],
  ["data", "effectiveAt"],
  ["data", "effectiveDate"],
  ["data", "timeZone"],
  ["data", "role"],
  ["data", "licenseType"],
  ["data", "reason"],
  ["data", "urgency"],
  ["data", "unknown"],
];

/** An event that passes its schema: one of few people, so that decisions meet. */
function anEvent(random: SeededRandom): Detail {
  const person = random.integer(1, 40);
  const domain = random.pick(["team", "lwa", "oidc", "elsewhere"]);
  const hour = String(random.integer(0, 23)).padStart(2, "0");
  return {
    metadata: {
      id: `e-${random.integer(1, 500)}`,
      schemaVersion: "1.0",
      occurredAt: `2026-05-14T${hour}:00:00Z`,
    },
    data: {
      personId: `p-${person}`,
      email: `ada.${secret}.${person}@${domain}.example`,
      role: random.pick(["engineer", "sales"]),
      licenseType: random.pick([undefined, "Pro", "Basic", `eve.${secret}@team.example`]),
    },
  };
}

function toBody(random: SeededRandom, detail: unknown): string {
  const source = random.pick(["rollcall.hr", "rollcall.hr", undefined, "aws.hr", 7]);
  return JSON.stringify({ "detail-type": anyType(random), source, detail });
}

/** An event in which something else stands in the place of one field. */
function withField(random: SeededRandom, value: unknown): string {
  const event = anEvent(random);
  const [part, name] = anyField(random);
  event[part][name] = value;
  return toBody(random, event);
}

/** The same for JSON that no value stands for: too deep to be made, or with keys that an assignment would not set. */
function withJson(random: SeededRandom, json: string): string {
  return withField(random, placeholder).replace(`"${placeholder}"`, () => json);
}

const placeholder = "here";

function nested(random: SeededRandom): string {
  const depth = random.pick([2, 40, 497, 498, 499, 500, 501, 600, 1000, 6000, 60_000]);
  const [open, close] = random.pick([
    ["[", "]"],
    ['{"a":', "}"],
    ['{"__proto__":', "}"],
  ]);
  const closed = random.integer(0, 3) > 0;
  return `${open.repeat(depth)}1${closed ? close.repeat(depth) : ""}`;
}

const inherited = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "toJSON"] as const;
const wrongValues = [null, true, 0, -1, 1e308, "", " ", "x", [], {}, [[]], [null], ["a"], { a: 1 }] as const;
const strangeTexts = [
  "\ud800",
  "p-\udfff",
  "a\u0000b",
  "a\nb",
  "\u202eadmin",
  "\u001b[2J",
  "\ufeffp",
  "a\u2028b",
  "😀".repeat(64),
  "€".repeat(128),
  '"ada"@team.example',
  "ada,b@team.example",
  "ada@@team.example",
  `İ${secret}@team.example`,
] as const;
const times = [
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59-23:59",
  "2026-02-30T00:00:00Z",
  "2026-05-14T12:00:00.123456789012Z",
  "2026-05-14T12:00Z",
  "2026-05-14T24:00:00Z",
  "2026-05-14T12:00:00+25:00",
  "2026-05-15T00:00:00Z",
  "2026-05-20T00:00:00+14:00",
  "+275760-09-13T00:00:00Z",
] as const;
const dates = ["0000-01-01", "9999-12-31", "2026-02-30", "2026-10-25", "1582-10-10", "0001-01-01"] as const;
const zones = [
  "UTC",
  "Pacific/Apia",
  "eUROPE/bERLIN",
  "EST5EDT",
  "Etc/GMT+12",
  "+02:00",
  "__proto__",
  // Zones to `Intl`, and none to Temporal.
  ..."ACT AST BST CAT CST EAT EST IST JST NST PST ist".split(" "),
] as const;
const placeholders = ["N/A", "na", "0", "000", "-", "?", "null", "(None)", "unknown", "NaN", "TBD"] as const;
const masked = [`a***@team.example`, `${secret}***@team.example`, "***@team.example"] as const;
/** In an id, an address or anywhere: what nobody sees, what has two units, and what no queue takes. */
const oddCharacters = [
  "\u200b",
  "\u00ad",
  "\u2060",
  "\ufeff",
  "\u{e0041}",
  "\uffff",
  "\ufffe",
  "\ufdd0",
  "\u{1ffff}",
  "\u009b",
  "😀",
  "\udead",
] as const;

export const hostileBodies = {
  bytes: (random) => {
    const bytes = Array.from({ length: random.integer(0, 120) }, () => random.integer(0, 255));
    return Buffer.from(bytes).toString(random.pick(["utf8", "latin1"]));
  },
  damaged: (random) => {
    let body = toBody(random, anEvent(random));
    for (let edits = random.integer(1, 4); edits > 0; edits -= 1) {
      const at = random.integer(0, body.length);
      const put = random.pick(["", '"', "{", "}", "[", ",", "\\", "\u0000", String(random.integer(0, 9))]);
      body = body.slice(0, at) + put + body.slice(at + random.integer(0, 3));
    }
    return body;
  },
  deep: (random) => (random.integer(0, 4) > 0 ? withJson(random, nested(random)) : nested(random)),
  wrongTypes: (random) => {
    const event = anEvent(random);
    for (let wrong = random.integer(1, 3); wrong > 0; wrong -= 1) {
      const [part, name] = anyField(random);
      event[part][name] = random.pick(wrongValues);
    }
    const whole = random.pick([event, event, { ...event, data: null }, [event], "event"]);
    return random.integer(0, 9) > 0 ? toBody(random, whole) : JSON.stringify(random.pick(wrongValues));
  },
  huge: (random) => {
    const text = random.pick(["x", "a@", "é", "\u0000", ".", "@.", " ", '"', "😀"]);
    const length = random.pick([300, 5_000, 5_000, 5_000, 100_000, 262_100, 400_000]);
    return withField(random, text.repeat(length / text.length));
  },
  wide: (random) => {
    const element = random.pick(["0", `"eve.${secret}@team.example"`, "{}", "1e20", '{"a":[]}']);
    const elements = Array(random.pick([3, 20, 21, 200, 2_000, 20_000])).fill(element);
    return withJson(random, `[${elements.join(",")}]`);
  },
  inherited: (random) => {
    const key = random.pick(inherited);
    const event = anEvent(random);
    switch (random.integer(0, 3)) {
      case 0:
        return withField(random, key);
      case 1:
        return withJson(random, `{"${key}":${JSON.stringify(event.data)}}`);
      case 2:
        return toBody(random, event).replace('"personId":', () => `"${key}":{"personId":"p-9"},"personId":`);
      default:
        return toBody(random, event).replace(/"detail-type":"\w+"/, () => `"detail-type":"${key}"`);
    }
  },
  /** Of somebody whom nobody else speaks of, and who does not exist: the wait may be over. */
  strangeWaits: (random) => {
    const { metadata, data } = anEvent(random);
    const person = random.integer(1000, 1_000_000);
    return JSON.stringify({
      "detail-type": random.pick(["EmployeeHired", "LicenseChanged", "EmployeeReturned"]),
      detail: {
        metadata: { ...metadata, waitingSince: random.pick([...times, "2026-01-01T00:00:00Z"]) },
        data: {
          ...data,
          personId: `p-${person}`,
          email: `${secret}.${person}@lwa.example`,
          licenseType: "Pro",
        },
      },
    });
  },
  placeholders: (random) => {
    const event = anEvent(random);
    const value = random.pick(placeholders);
    if (random.integer(0, 1) === 0) event.metadata.id = value;
    else event.data.personId = value;
    return toBody(random, event);
  },
  masked: (random) => {
    const event = anEvent(random);
    if (random.integer(0, 1) === 0) event.data.email = random.pick(masked);
    else event.data.previousEmails = [random.pick(masked)];
    return toBody(random, event);
  },
  /** At the edge of each length in characters or bytes, or in the middle of a text that is as it should be. */
  oddCharacters: (random) => {
    const event = anEvent(random);
    const [part, name] = anyField(random);
    const [character, text] = [random.pick(oddCharacters), String(event[part][name] ?? "text")];
    const at = random.integer(0, text.length);
    const inside = text.slice(0, at) + character + text.slice(at);
    event[part][name] = random.pick([
      inside,
      character.repeat(random.pick([1, 64, 127, 128, 129, 254, 256])),
    ]);
    const body = toBody(random, event);
    return random.integer(0, 1) === 0 ? body : body.replaceAll("\uffff", "\\uffff");
  },
  strangeText: (random) => withField(random, random.pick(strangeTexts)),
  strangeTimes: (random) => {
    const { metadata, data } = anEvent(random);
    const when = random.pick([
      { effectiveAt: random.pick(times) },
      { effectiveDate: random.pick(dates), timeZone: random.pick(zones) },
    ]);
    const fields = random.pick<Fields>([
      {},
      { occurredAt: random.pick(times) },
      { waitingSince: random.pick(times) },
    ]);
    return toBody(random, { metadata: { ...metadata, ...fields }, data: { ...data, ...when } });
  },
} as const satisfies Record<string, (random: SeededRandom) => string>;
