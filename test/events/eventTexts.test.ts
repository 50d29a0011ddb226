import { describe, expect, it } from "vitest";
import { MAX_REQUEST_BYTES } from "../../src/events/eventBus.ts";
import { toEntry } from "../../src/events/eventEntry.ts";
import { parseHrEvent } from "../../src/events/parseEvent.ts";
import { readOktaEvent } from "../../src/inbound/okta.ts";
import { publishInboundEvents } from "../../src/inbound/publishInboundEvents.ts";
import { toRejection } from "../../src/operations/publishLines.ts";
import { pipelines } from "../../src/pipelineSettings.ts";
import { rosterSchema } from "../../src/policy/rosterSettings.ts";
import { parseRecords } from "../../src/provisioning/parseRecords.ts";
import { readRoster } from "../../src/reconcile/reading/readRoster.ts";
import { oktaEvent } from "../inbound/fixtures/okta.ts";
import { aBody } from "../provisioning/records.ts";
import { recordingBus } from "./recordingBus.ts";

const metadata = { id: "e1", schemaVersion: "1.0", occurredAt: "2026-05-14T17:00:00+02:00" };
const person = { personId: "p1", email: "ada@example.com" };
const line = (data: object) =>
  JSON.stringify({ "detail-type": "EmployeeLeft", detail: { metadata, data: { ...person, ...data } } });

function problemsOf(data: object, more: object = {}) {
  const parsed = parseHrEvent("EmployeeLeft", {
    metadata: { ...metadata, ...more },
    data: { ...person, ...data },
  });
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`);
}

async function* roster(row: string) {
  yield Buffer.from(`id,email,status\n${row}\n`);
}
const rosterProblems = async (row: string) => {
  const reading = await readRoster(roster(row), {
    ...rosterSchema.parse({}),
    askedAttributes: [],
    leaveOfAbsence: "ignore",
  });
  return reading.kind === "broken" ? reading.problems : [];
};

describe("an id that stands for nobody", () => {
  const placeholders = [
    "N/A",
    "n/a",
    "NA",
    "#N/A",
    "n.a.",
    "0",
    "000",
    "0.0",
    "-",
    "--",
    "—",
    "?",
    "_",
    "null",
  ];
  const words = ["(null)", "<NULL>", "nil", "None", "NaN", "undefined", "Unknown", "TBD", "not available"];
  const nilUuid = "00000000-0000-0000-0000-000000000000";

  it.each([...placeholders, ...words, nilUuid, "-1"])("is malformed: %s", (id) => {
    const message =
      "expected an id of its own, and no placeholder such as N/A, 0, - or unknown; got a string of";
    expect(problemsOf({ personId: id }, { id })).toEqual([
      expect.stringContaining(`metadata.id: ${message}`),
      expect.stringContaining(`data.personId: ${message}`),
    ]);
  });

  it.each([
    "1",
    "7",
    "10",
    "A0",
    "0A",
    "P-0",
    "nan-17",
    "Nadia",
    "Noneman",
    "unknown-7",
    "0-0",
    "0-1",
    "王",
    "😀",
  ])("is not one that only looks alike: %s", (id) => {
    expect(problemsOf({ personId: id }, { id })).toEqual([]);
  });

  it("is none for a roster's row either", async () => {
    expect(await rosterProblems("N/A,ada@example.com,active")).toEqual([
      "line 2, column id: expected an id of its own, and no placeholder such as N/A, 0, - or unknown; got a string of 3 characters",
    ]);
  });
});

describe("a masked address", () => {
  const masked = "a***@example.com";
  const message = "expected the whole address, and not one masked with ***; got a string of 16 characters";

  it("is refused by the schema, the current one and an earlier one", () => {
    expect(problemsOf({ email: masked, previousEmails: ["b@example.com", masked] })).toEqual([
      `data.email: ${message}`,
      `data.previousEmails[1]: ${message}`,
    ]);
  });

  it("is a dead letter with a code of its own", () => {
    const { outcomes } = parseRecords([aBody(line({ email: masked }))], pipelines.offboard);
    expect(outcomes).toEqual([
      {
        index: 0,
        outcome: { kind: "rejected", code: "MaskedAddress", reason: expect.stringContaining(message) },
      },
    ]);
  });

  it("is refused by publish under that code", () => {
    const checked = toEntry(Buffer.from(line({ email: masked })), { unchecked: false });
    expect(checked.status).toBe("malformed");
    if (checked.status !== "malformed") return;
    const rejection = toRejection({ line: { number: 1, bytes: Buffer.from("") }, ...checked });
    expect(rejection?.reasons).toEqual([`MaskedAddress: data.email: ${message}`]);
  });

  it("breaks a roster under that code", async () => {
    expect(await rosterProblems(`1,${masked},active`)).toEqual([
      `MaskedAddress: line 2, column email: ${message}`,
    ]);
  });

  it("is not published for a vendor, and says so under that code", async () => {
    const reading = readOktaEvent(
      JSON.parse(JSON.stringify(oktaEvent()).replace(/"alternateId":"[^"]+"/g, `"alternateId":"${masked}"`)),
    );
    if (reading.kind !== "event") throw new Error("expected an event");
    const bus = recordingBus();
    const context = { bus, sleep: async () => {}, random: () => 0, signal: new AbortController().signal };
    expect(await publishInboundEvents([reading.event], context)).toEqual([
      {
        kind: "invalid",
        id: expect.any(String),
        code: "MaskedAddress",
        why: `MaskedAddress: data.email: ${message}`,
      },
    ]);
  });
});

describe("a character that nobody sees", () => {
  const invisible = { "zero width space": "\u200b", "soft hyphen": "\u00ad", "word joiner": "\u2060" };
  const marks = { "left-to-right mark": "\u200e", override: "\u202e", filler: "\u3164", tag: "\u{e0041}" };

  it.each(Object.entries({ ...invisible, ...marks }))(
    "in an id or an address is refused, and named: %s",
    (_, character) => {
      const code = `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`;
      const problems = problemsOf({ personId: `p${character}1`, email: `ada${character}@example.com` });
      expect(problems).toEqual([
        expect.stringMatching(/^data\.personId: expected .* without invisible characters, .*; got a string/),
        expect.stringMatching(/^data\.email: expected .* without invisible characters, .*; got a string/),
      ]);
      for (const problem of problems) expect(problem).toContain(`with ${code} (invisible)`);
    },
  );

  it("in a role or a reason is left as it is: some scripts are written with them", () => {
    expect(problemsOf({ role: "👩\u200d💻 engineer", reason: "می\u200cرود" })).toEqual([]);
  });
});

describe("the characters of an id", () => {
  it("are counted as people count them: 128, each of which takes two units of UTF-16", () => {
    const id = "😀".repeat(128);
    expect(problemsOf({ personId: id, userId: id }, { id })).toEqual([]);
    expect(problemsOf({ personId: `${id}a` })).toEqual([
      "data.personId: expected printable text of 1 to 128 characters without white space around it; got a string of 129 characters",
    ]);
  });

  it.each([
    ["p\ud83d", "U+D83D (half of a character)"],
    ["p\uffff", "U+FFFF (not a character)"],
    ["p\n1", "U+000A (a control character)"],
  ])("are named where one of them is the fault: %j", (personId, named) => {
    expect(problemsOf({ personId })).toEqual([
      `data.personId: expected printable text of 1 to 128 characters without white space around it; got a string of ${[...personId].length} characters, with ${named}`,
    ]);
  });

  it("of an address are counted in lower case, in which some have more", () => {
    const email = `${"a".repeat(240)}İ@example.com`;
    expect([email.length, email.toLowerCase().length]).toEqual([253, 254]);
    expect(problemsOf({ email })).toEqual([]);
    expect(problemsOf({ email: `a${email}` })).toEqual([
      "data.email: expected an e-mail address of at most 254 characters, such as ada@example.com; got a string of 254 characters",
    ]);
  });
});

describe("a character that no queue takes", () => {
  it.each([
    ["\uffff", "U+FFFF (not a character)"],
    ["\ufffe", "U+FFFE (not a character)"],
    ["\ud83d", "U+D83D (half of a character)"],
  ])("keeps an event from the bus, wherever it stands, checked or not: %j", (character, named) => {
    const refused = (where: string) => ({
      status: "refused",
      code: "UnsendableCharacter",
      message: `detail.${where}: expected characters that a queue takes; got a string of 2 characters, with ${named}`,
    });
    for (const unchecked of [false, true]) {
      const check = (data: object) => toEntry(Buffer.from(line(data)), { unchecked });
      expect(check({ reason: `x${character}` })).toEqual(refused("data.reason"));
      expect(check({ extra: [{ note: `x${character}` }] })).toEqual(refused("data.extra[0].note"));
      expect(check({ extra: { [`x${character}`]: 1 } })).toEqual(refused("data.extra.(a name)"));
    }
  });

  it("is no escape sequence that only looks like one", () => {
    expect(
      toEntry(Buffer.from(line({ extra: "\\ud83d \\uffff 😀 \ud7ff\ufffd" })), { unchecked: false }),
    ).toMatchObject({
      status: "entry",
    });
  });

  it("costs nothing to look for in an event near the limit", () => {
    const extra = "\\ud83d".repeat((MAX_REQUEST_BYTES - 1000) / 7);
    const startedAt = performance.now();
    toEntry(Buffer.from(line({ extra })), { unchecked: true });
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
