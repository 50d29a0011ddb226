import { describe, expect, it } from "vitest";
import { toEntry } from "../../src/events/eventEntry.ts";
import { bambooHr } from "../../src/inbound/webhooks/bambooHr.ts";
import { gusto } from "../../src/inbound/webhooks/gusto.ts";
import { hiBob } from "../../src/inbound/webhooks/hiBob.ts";
import { toDiscardEntry } from "../../src/operations/discardEntry.ts";
import { explainScope } from "../../src/operations/explain/explainScope.ts";
import { pipelines } from "../../src/pipelineSettings.ts";
import { policySchema } from "../../src/policy/policy.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import { rosterSchema } from "../../src/policy/rosterSettings.ts";
import { parseRecords } from "../../src/provisioning/parseRecords.ts";
import { toStoredDeadLetter } from "../../src/queue/storedDeadLetter.ts";
import { readRoster } from "../../src/reconcile/reading/readRoster.ts";
import { aBody } from "../provisioning/records.ts";
import { noon } from "../provisioning/samples.ts";

const accounts = [{ id: "team", domains: ["team.example"] }];

const lineWith = (timeZone: string) =>
  JSON.stringify({
    "detail-type": "EmployeeLeft",
    detail: {
      metadata: { id: "e-1", schemaVersion: "1.0", occurredAt: "2026-05-14T11:00:00Z" },
      data: { personId: "p-1", email: "ada@team.example", effectiveDate: "2026-05-31", timeZone },
    },
  });

const settingsOf = (timeZone: string) => ({
  signingKeys: ["a-key-of-sixteen-characters"],
  timeZone,
  api: { url: "https://example.com", key: "k", token: "t", user: "u" },
});

async function* rosterWith(timeZone: string) {
  yield Buffer.from(`id,email,status,lastDay,timeZone\n1,ada@team.example,active,2026-05-31,${timeZone}\n`);
}

/** Every door by which a zone comes in, and whether it takes that one. */
const doors: Record<string, (timeZone: string) => unknown> = {
  publish: (timeZone) => toEntry(Buffer.from(lineWith(timeZone)), { unchecked: false }).status === "entry",
  "a pipeline": (timeZone) =>
    parseRecords([aBody(lineWith(timeZone))], pipelines.offboard).decisions.length === 1,
  explain: (timeZone) => {
    const rules = toPolicyRules(policySchema.parse({ accounts }));
    return explainScope(lineWith(timeZone), rules, noon).decision !== undefined;
  },
  "dlq discard": (timeZone) => {
    const letter = toStoredDeadLetter({ Body: lineWith(timeZone), MessageId: "m" }, "offboard", noon);
    return toDiscardEntry(letter, { by: "ada", because: "test" }, noon)?.entry.eventId === "e-1";
  },
  "the policy": (timeZone) => policySchema.safeParse({ accounts, roster: { timeZone } }).success,
  "a roster's row": async (timeZone) => {
    const options = { ...rosterSchema.parse({}), askedAttributes: [], leaveOfAbsence: "ignore" as const };
    return (await readRoster(rosterWith(timeZone), options)).kind === "read";
  },
  bamboohr: (timeZone) => {
    const { signingKeys, api } = settingsOf(timeZone);
    return bambooHr.configure({ signingKeys, timeZone, api: { url: api.url, key: api.key } }).ok;
  },
  hibob: (timeZone) => {
    const { signingKeys, api } = settingsOf(timeZone);
    return hiBob.configure({ signingKeys, timeZone, api: { user: api.user, token: api.token } }).ok;
  },
  gusto: (timeZone) => {
    const { signingKeys, api } = settingsOf(timeZone);
    return gusto.configure({ signingKeys, timeZone, api: { token: api.token } }).ok;
  },
  "a location of a vendor's parameter": (timeZone) => {
    const { signingKeys, api } = settingsOf("UTC");
    const timeZonePerLocation = { Auckland: timeZone };
    return gusto.configure({ signingKeys, timeZone: "UTC", timeZonePerLocation, api: { token: api.token } })
      .ok;
  },
};

describe.each(Object.entries(doors))("a time zone at the door of %s", (_, takes) => {
  it.each(["IST", "PST", "CST", "JST", "BST", "CAT", "EAT"])(
    "is refused if no day can be ended in it: %s",
    async (timeZone) => {
      expect(await takes(timeZone)).toBe(false);
    },
  );

  it.each(["Asia/Kolkata", "America/Los_Angeles", "EST5EDT"])("is taken otherwise: %s", async (timeZone) => {
    expect(await takes(timeZone)).toBe(true);
  });
});
