import { describe, expect, it } from "vitest";
import { pipelines } from "../../src/pipelineSettings.ts";
import { parseRecords } from "../../src/provisioning/parseRecords.ts";
import { noon } from "./samples.ts";

const receivedAt = Date.parse("2026-05-14T12:00:01.000Z");
const metadata = { id: "e-1", schemaVersion: "1.0", occurredAt: "2026-05-14T14:00:00+02:00" };
const data = { personId: "p-1", email: "Ada@Example.com" };

function record(type: string, more: { metadata?: object; data?: object } = {}, receiveCount = 1) {
  const detail = { metadata: { ...metadata, ...more.metadata }, data: { ...data, ...more.data } };
  return { body: JSON.stringify({ "detail-type": type, detail }), receiveCount, receivedAt };
}

describe("parseRecords", () => {
  it("reads a record as a decision, with addresses in lower case and times in milliseconds", () => {
    const full = record(
      "EmployeeLeft",
      {
        metadata: { correlationId: "c-1", waitingSince: "2026-05-14T11:00:00Z" },
        data: {
          previousEmails: ["A.Byron@Example.com"],
          userId: "u-1",
          effectiveAt: "2026-05-15T12:00:00Z",
          urgency: "immediate",
          profile: { givenName: "Ada ", familyName: "x".repeat(257) },
        },
      },
      3,
    );
    const { decisions, outcomes } = parseRecords([full], pipelines.offboard);
    const { version, ...decision } = decisions[0] ?? {};
    expect([decision, outcomes]).toEqual([
      {
        index: 0,
        aspect: "access",
        receiveCount: 3,
        receivedAt,
        firstReceivedAt: receivedAt,
        busTime: 0,
        eventId: "e-1",
        correlationId: "c-1",
        personId: "p-1",
        intent: "offboard",
        email: "ada@example.com",
        previousEmails: ["a.byron@example.com"],
        userId: "u-1",
        role: undefined,
        attributes: undefined,
        profile: { givenName: "Ada" },
        droppedTexts: [
          {
            path: "data.profile.familyName",
            message:
              "expected printable text of 1 to 256 characters without white space around it; got a string of 257 characters",
          },
        ],
        reason: undefined,
        licenseType: undefined,
        urgent: true,
        occurredAt: noon,
        effectiveAt: noon + 86_400_000,
        waitingSince: noon - 3_600_000,
      },
      [],
    ]);
    expect(version).toContain("e-1");
  });

  it.each([
    ["the event, if it waited since", "2026-05-01T12:00:00.000Z", Date.parse("2026-05-01T12:00:00Z")],
    ["the queue, if the event names a later time", "2026-06-01T12:00:00.000Z", receivedAt],
  ])("takes the time of the first receipt from %s", (_, told, first) => {
    const { decisions } = parseRecords(
      [record("EmployeeLeft", { metadata: { receivedAt: told } })],
      pipelines.offboard,
    );
    expect(decisions.map(({ firstReceivedAt }) => firstReceivedAt)).toEqual([first]);
  });

  it("takes a decision to be in effect when HR made it, if it names no other time", () => {
    const { decisions } = parseRecords([record("EmployeeLeft")], pipelines.offboard);
    expect(decisions.map(({ effectiveAt, urgent }) => [effectiveAt, urgent])).toEqual([[noon, false]]);
  });

  it("reads the pipeline's intent, whatever the event is called", () => {
    const records = [
      record("LicenseChanged", { data: { licenseType: "Pro" } }),
      record("EmployeeRoleChanged", { data: { role: "sales" } }),
    ];
    const { decisions } = parseRecords(records, pipelines.relicense);
    expect(decisions.map(({ intent, licenseType, role }) => [intent, licenseType, role])).toEqual([
      ["relicense", "Pro", undefined],
      ["relicense", undefined, "sales"],
    ]);
  });

  it.each([
    ["is not JSON", "hello", "body: expected a JSON object"],
    ["is empty", "", "body: expected a JSON object"],
    ["is null", "null", "body: expected a JSON object"],
    ["has no detail-type", "{}", "detail-type: expected one of EmployeeHired"],
    ["has no detail", '{"detail-type":"EmployeeLeft"}', "detail: expected an object; got nothing"],
  ])("rejects a body that %s, and reads its neighbours", (_, body, reason) => {
    const records = [record("EmployeeLeft"), { body, receiveCount: 1, receivedAt }, record("EmployeeLeft")];
    const { decisions, outcomes } = parseRecords(records, pipelines.offboard);
    expect(decisions.map(({ index }) => index)).toEqual([0, 2]);
    expect(outcomes).toEqual([
      { index: 1, outcome: { kind: "rejected", code: "Malformed", reason: expect.stringContaining(reason) } },
    ]);
  });

  it("names every field that is wrong, and none of its content", () => {
    const wrong = record("EmployeeLeft", { metadata: { id: "" }, data: { email: "not an address" } });
    const { outcomes } = parseRecords([wrong], pipelines.offboard);
    expect(outcomes.map(({ outcome }) => outcome.kind === "rejected" && outcome.reason)).toEqual([
      "metadata.id: expected printable text of 1 to 128 characters without white space around it; got an empty string; " +
        "data.email: expected an e-mail address of at most 254 characters, such as ada@example.com; got a string of 14 characters",
    ]);
  });

  it("rejects an event of another pipeline, and says where it belongs", () => {
    const { outcomes } = parseRecords([record("EmployeeHired")], pipelines.offboard);
    expect(outcomes).toEqual([
      {
        index: 0,
        outcome: {
          kind: "rejected",
          code: "Misrouted",
          reason:
            "EmployeeHired is not for the offboard pipeline, which takes EmployeeLeft; send it through the event bus",
        },
      },
    ]);
  });

  it("opens an empty batch", () => {
    expect(parseRecords([], pipelines.offboard)).toEqual({ decisions: [], outcomes: [] });
  });

  it("rejects what makes the parser throw, whatever it throws, and reads its neighbours", () => {
    const broken = {
      ...record("EmployeeLeft"),
      get body(): string {
        throw new RangeError("Forbidden ICU TimeZone of ada@example.com");
      },
    };
    const { decisions, outcomes } = parseRecords(
      [record("EmployeeLeft"), broken, record("EmployeeLeft", { metadata: { id: "e-2" } })],
      pipelines.offboard,
    );
    expect(decisions.map(({ index, eventId }) => ({ index, eventId }))).toEqual([
      { index: 0, eventId: "e-1" },
      { index: 2, eventId: "e-2" },
    ]);
    expect(outcomes).toEqual([
      {
        index: 1,
        outcome: {
          kind: "rejected",
          code: "Malformed",
          reason: expect.stringMatching(/^the event could not be read: RangeError; [^@]+$/),
          cause: expect.any(RangeError),
        },
      },
    ]);
  });
});
