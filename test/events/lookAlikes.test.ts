import { describe, expect, it } from "vitest";
import { parsePerson } from "../../src/cli/options.ts";
import { asItLooks, findLookAlike } from "../../src/events/lookAlikes.ts";
import { parseHrEvent } from "../../src/events/parseEvent.ts";
import { toInboundEvent, toLeaver } from "../../src/inbound/inboundEvent.ts";
import { policySchema } from "../../src/policy/policy.ts";
import { readingOptions, readRoster } from "../../src/reconcile/reading/readRoster.ts";

/** Addresses that look like Bob's, each with what makes it another one. */
const addresses = {
  "a zero-width space": "bob@example.com\u200b",
  "a soft hyphen": "bo\u00adb@example.com",
  "a non-breaking space": "bob@example.com\u00a0",
  "a full-width at sign": "bob\uff20example.com",
  "a full-width letter": "\uff42ob@example.com",
  "a Cyrillic letter": "b\u043eb@example.com",
};
type Oddity = keyof typeof addresses;

/** `bob`: it is read as Bob's address. `refused`: by name. Never is it another person's. */
type Ending = "bob" | "refused";
const endings = (refused: readonly Oddity[]): Record<string, Ending> =>
  Object.fromEntries(
    Object.keys(addresses).map((oddity) => [
      oddity,
      refused.some((each) => each === oddity) ? "refused" : "bob",
    ]),
  );
const ending = (address: string | undefined): Ending | string | undefined =>
  address === "bob@example.com" ? "bob" : address;

async function endOf(door: (address: string) => Promise<string | undefined> | string | undefined) {
  const ended = Object.entries(addresses).map(async ([oddity, address]) => [oddity, await door(address)]);
  return Object.fromEntries(await Promise.all(ended));
}

const metadata = { id: "e1", schemaVersion: "1.0", occurredAt: "2026-05-14T17:00:00Z" };
const parse = (email: string) => {
  const parsed = parseHrEvent("EmployeeLeft", { metadata, data: { personId: "2", email } });
  return parsed.ok ? ending(parsed.event.data.email) : "refused";
};

const visible: Oddity[] = ["a full-width at sign", "a full-width letter", "a Cyrillic letter"];

describe("an address that only looks like somebody's", () => {
  it("is refused in an event", async () => {
    expect(await endOf(parse)).toEqual(
      endings(["a zero-width space", "a soft hyphen", "a non-breaking space", ...visible]),
    );
  });

  it("is the person's in a webhook, without what nobody sees, or is refused with its event", async () => {
    const about = { source: "hibob", id: "e1", occurredAt: metadata.occurredAt } as const;
    const door = (email: string) => {
      const reading = toInboundEvent({ ...about, type: "EmployeeLeft", person: { personId: "2", email } });
      return reading.kind === "event" ? parse(reading.event.person.email) : reading.kind;
    };
    expect(await endOf(door)).toEqual(endings(visible));
    expect(toLeaver("\u200b", { ...about, personId: "2" }).kind).toBe("recall");
  });

  it("is the person's in a roster, without what nobody sees, or stops it", async () => {
    const door = async (email: string) => {
      async function* bytes() {
        yield Buffer.from(`id,email,status\n2,${email},left\n`);
      }
      const reading = await readRoster(bytes(), readingOptions(undefined));
      return reading.kind === "broken" ? "refused" : ending(reading.rows[0]?.email);
    };
    expect(await endOf(door)).toEqual(endings(visible));
  });

  it("is refused in a policy, where it would exclude nobody", async () => {
    const door = (address: string) => {
      const accounts = [{ id: "team", domains: ["example.com"] }];
      const exclusions = { addresses: [address] };
      return policySchema.safeParse({ accounts, exclusions }).success ? "taken" : "refused";
    };
    expect(await endOf(door)).toEqual(
      endings(["a zero-width space", "a soft hyphen", "a non-breaking space", ...visible]),
    );
  });

  it("is the person's on the command line, without what nobody sees, or is what it is", async () => {
    const given = (address: string) =>
      findLookAlike(parsePerson(address)) ? "refused" : parsePerson(address);
    expect(await endOf((address) => ending(given(address)))).toEqual(endings(visible));
  });
});

it("whole words of another alphabet are meant, and so is an id of several", () => {
  const meant = [
    "иван@example.com",
    "иван@пример.рф",
    "jörg@exämple.com",
    "νίκος@παράδειγμα.ελ",
    "Отдел-42",
    "李@例え.jp",
  ];
  expect(meant.map(findLookAlike)).toEqual(meant.map(() => undefined));
});

it("a heading is read as it looks", () => {
  const headings = ["St\u0430tus", "\uff33tatus", "\u200bStatus", "Статус", "Größe"];
  expect(headings.map(asItLooks)).toEqual(["Status", "Status", "Status", "Статус", "Größe"]);
});
