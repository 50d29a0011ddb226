import { describe, expect, it } from "vitest";
import * as z from "zod";
import * as bamboo from "../fixtures/bambooHr.ts";
import * as bob from "../fixtures/hiBob.ts";
import { deliver, readFixture, type TestDelivery } from "./deliver.ts";

/** Webhooks as HR systems really send them, after public reports; each input says in the file what is expected. */

const now = Date.parse("2026-05-14T12:00:00Z");

function fromBambooHr(body: string, differences: Partial<TestDelivery> = {}): TestDelivery {
  const api = { url: "https://acme.bamboohr.com", key: "bamboo-api-key" };
  const parameter = { ...bamboo.bambooHrParameter, api };
  return { vendor: "bamboohr", parameter, body, headers: bamboo.signedAt(now, body), now, ...differences };
}

function fromHiBob(body: string, differences: Partial<TestDelivery> = {}): TestDelivery {
  const parameter = bob.hiBobParameter;
  return { vendor: "hibob", parameter, body, headers: bob.signed(body), now, ...differences };
}

describe("BambooHR sends `created` and then `updated` for somebody who starts months ahead, and", () => {
  const input = z.object({ deliveries: z.array(z.unknown()), apiAnswer: z.record(z.string(), z.unknown()) });

  async function deliverAll(apiAnswer: object) {
    const file = "bamboohr-created-then-updated-future-hire.json";
    const { deliveries, ...given } = input.parse(JSON.parse(await readFixture(file)));
    const json = { ...given.apiAnswer, ...apiAnswer };
    const results = [];
    for (const each of deliveries)
      results.push(await deliver(fromBambooHr(JSON.stringify(each), { apiAnswer: { kind: "found", json } })));
    return results.flatMap(({ events }) => events);
  }

  it("neither event lets them in before their first day, where they work", async () => {
    const day = { effectiveDate: "2026-08-31", timeZone: "Pacific/Auckland" };
    const person = { personId: "77", email: "newhire@example.com", ...day };
    expect(await deliverAll({})).toEqual([
      { type: "EmployeeHired", occurredAt: "2026-05-14T11:59:00.000Z", ...person },
      { type: "EmployeeReturned", occurredAt: "2026-05-14T11:59:01.000Z", ...person },
    ]);
  });

  it("a return long after the first day needs no date: it is in effect at once", async () => {
    const [, returned] = await deliverAll({ hireDate: "2015-03-01" });
    expect(returned).toEqual({
      type: "EmployeeReturned",
      occurredAt: "2026-05-14T11:59:01.000Z",
      personId: "77",
      email: "newhire@example.com",
    });
  });
});

it("HiBob's id of a deleted employee comes with the address, and nobody has to be asked", async () => {
  const { delivery } = z
    .object({ delivery: z.unknown() })
    .parse(JSON.parse(await readFixture("hibob-deleted-with-email.json")));
  expect(await deliver(fromHiBob(JSON.stringify(delivery)))).toEqual({
    status: 200,
    why: [],
    asked: [],
    events: [
      {
        type: "EmployeeLeft",
        occurredAt: "2026-05-15T00:00:03.100Z",
        personId: "3332883854254932743",
        email: "grace@example.com",
        reason: "deleted in HiBob",
      },
    ],
  });
});

it("an id of HiBob that comes as a number too large for a double is read to its last digit", async () => {
  const [body = ""] = (await readFixture("hibob-number-id.txt")).split("\n");
  const apiAnswer = { kind: "found", json: bob.person() } as const;
  const { asked, events } = await deliver(fromHiBob(body, { apiAnswer }));
  expect([asked, events.map((event) => event.personId)]).toEqual([
    ["https://api.hibob.com/v1/people/3332883854254932743"],
    ["3332883854254932743"],
  ]);
});

describe("a leaver whom HR sends no address of", () => {
  const remembered = {
    "77": { kind: "known", addresses: ["grace@example.com", "g.hopper@example.com"] },
  } as const;
  const leaver = {
    type: "EmployeeLeft",
    occurredAt: "2026-05-14T11:59:00.000Z",
    personId: "77",
    email: "grace@example.com",
    previousEmails: ["g.hopper@example.com"],
  };
  const input = z.object({ delivery: z.unknown() });
  const read = async (file: string) =>
    JSON.stringify(input.parse(JSON.parse(await readFixture(file))).delivery);

  it("leaves under the addresses that the ledger knows, when BambooHR has deleted the record", async () => {
    const body = await read("bamboohr-deleted-thin.json");
    const withoutApi = { parameter: bamboo.bambooHrParameter, remembered };
    const results = [
      await deliver(fromBambooHr(body, { remembered })),
      await deliver(fromBambooHr(body, withoutApi)),
    ].map(({ status, events, asked }) => [status, events, asked.length]);
    const event = { ...leaver, reason: "deleted in BambooHR" };
    expect(results).toEqual([
      [200, [event], 1],
      [200, [event], 0],
    ]);
  });

  it("leaves at the end of the last day, when BambooHR has cleared the address", async () => {
    const body = await read("bamboohr-leaver-email-cleared.json");
    expect(await deliver(fromBambooHr(body, { remembered }))).toEqual({
      status: 200,
      why: [],
      asked: [],
      events: [{ ...leaver, effectiveDate: "2026-05-14", timeZone: "America/Los_Angeles" }],
    });
  });

  it("leaves by the id that HiBob names, also where HiBob knows nobody of it any more", async () => {
    const occurredAt = "2026-05-15T00:00:03.100Z";
    const cleared = { kind: "found", json: bob.person({ "/root/email": { value: "" } }) } as const;
    const ofBob = { remembered: { "33": remembered["77"] } };
    const results = [
      await deliver(fromHiBob(JSON.stringify(bob.notice({ type: "employee.deleted" })), ofBob)),
      await deliver(fromHiBob(JSON.stringify(bob.notice()), { ...ofBob, apiAnswer: cleared })),
    ].flatMap(({ events }) => events);
    const ofLeaver = { ...leaver, occurredAt, personId: "33" };
    expect(results).toEqual([
      { ...ofLeaver, reason: "deleted in HiBob" },
      {
        ...ofLeaver,
        role: "Analyst",
        reason: "terminated",
        effectiveDate: "2026-05-15",
        timeZone: "Pacific/Auckland",
      },
    ]);
  });

  it("is refused with what to do where the ledger knows none, or one that passed on, and comes again after a fault", async () => {
    const body = await read("bamboohr-deleted-thin.json");
    const answers = [
      { kind: "unknown" },
      { kind: "passedOn" },
      { kind: "fault", reason: "the ledger could not be asked for an address (TimeoutError)" },
    ] as const;
    const results = [];
    for (const answer of answers)
      results.push(await deliver(fromBambooHr(body, { remembered: { "77": answer } })));
    expect(results.map(({ status, events }) => [status, events])).toEqual([
      [422, []],
      [422, []],
      [503, []],
    ]);
    const [unknown, passedOn] = results.map(({ why }) => why.join());
    expect([unknown, passedOn]).toEqual([
      expect.stringMatching(/ledger knows none; if .* publish an EmployeeLeft with the id and the address/),
      expect.stringMatching(/may be, somebody else's; if .* publish an EmployeeLeft/),
    ]);
  });
});

describe("somebody under another address than the ledger knows", () => {
  const update = (changedFields: string[]) => {
    const fields = { "Work Email": "grace.new@example.com", Status: "Inactive" };
    const employee = { id: "77", action: "Updated", timestamp: "2026-05-14T11:59:00+0000" };
    return fromBambooHr(JSON.stringify({ employees: [{ ...employee, changedFields, fields }] }));
  };
  const known = (decidedBy: string) =>
    ({ "77": { kind: "known", addresses: ["grace@example.com"], decidedBy } }) as const;

  it("is the same person where the vendor names the change, or has decided about the id before", async () => {
    const results = [
      await deliver({ ...update(["Status", "Work Email"]), remembered: known("roster-1") }),
      await deliver({ ...update(["Status"]), remembered: known("bamboohr-1") }),
      await deliver({ ...update(["Status"]), remembered: known("roster-1") }),
      await deliver({ ...update(["Status", "Work Email"]), remembered: known("gusto-1") }),
    ].flatMap(({ events }) => events);
    expect(results.map(({ email, previousEmails }) => [email, previousEmails])).toEqual([
      ["grace.new@example.com", ["grace@example.com"]],
      ["grace.new@example.com", ["grace@example.com"]],
      // The ledger refuses it as PersonAmbiguous: another source may have the id for somebody else.
      ["grace.new@example.com", undefined],
      // Two vendors number their people for themselves.
      ["grace.new@example.com", undefined],
    ]);
  });

  it("leaves under no address of the ledger that another vendor has decided about", async () => {
    const employee = { id: "77", action: "Deleted", timestamp: "2026-05-14T11:59:00+0000" };
    const body = JSON.stringify({ employees: [employee] });
    const results = [
      await deliver({ ...fromBambooHr(body), remembered: known("bamboohr-1") }),
      await deliver({ ...fromBambooHr(body), remembered: known("gusto-1") }),
      await deliver({
        ...fromBambooHr(body),
        namespaces: { hr: ["bamboohr", "gusto"] },
        remembered: { "hr/77": known("gusto-1")["77"] },
      }),
    ].map(({ status, events }) => [status, events.map(({ type, email }) => `${type} ${email}`)]);
    expect(results).toEqual([
      [200, ["EmployeeLeft grace@example.com"]],
      [422, []],
      // The policy says that both have the same ids.
      [200, ["EmployeeLeft grace@example.com"]],
    ]);
  });

  it("is told as it is while the ledger does not answer", async () => {
    const fault = { "77": { kind: "fault", reason: "TimeoutError" } } as const;
    const { status, events } = await deliver({ ...update(["Status", "Work Email"]), remembered: fault });
    expect([status, events.length, events[0]?.previousEmails]).toEqual([200, 1, undefined]);
  });
});

describe("a form post of BambooHR", () => {
  const formHeaders = (body: string) => ({
    ...bamboo.signedAt(now, body),
    "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
  });

  it("is read as its JSON is", async () => {
    const [body = ""] = (await readFixture("bamboohr-form-post.txt")).split("\n");
    const json = {
      type: "employee.updated",
      timestamp: "2026-05-14T11:59:00+0000",
      data: { companyId: "1", employeeId: "77", changedFields: ["status"] },
    };
    const apiAnswer = { kind: "found", json: bamboo.lookedUp } as const;
    const ofForm = await deliver(fromBambooHr(body, { headers: formHeaders(body), apiAnswer }));
    expect(ofForm).toEqual(await deliver(fromBambooHr(JSON.stringify(json), { apiAnswer })));
    expect(ofForm.events).toEqual([
      expect.objectContaining({ type: "EmployeeLeft", personId: "77", email: "ada@example.com" }),
    ]);
  });

  it("is read where it brings the fields of several employees", async () => {
    const parts = ["0", "1"].flatMap((place): [string, string][] => [
      [`employees[${place}][id]`, `7${place}`],
      [`employees[${place}][action]`, "Updated"],
      [`employees[${place}][timestamp]`, "2026-05-14T11:59:00+0000"],
      [`employees[${place}][changedFields][]`, "Status"],
      [`employees[${place}][fields][Work Email][value]`, `ada${place}@example.com`],
      [`employees[${place}][fields][Status][value]`, "Inactive"],
    ]);
    const body = String(new URLSearchParams(parts));
    const { status, events } = await deliver(fromBambooHr(body, { headers: formHeaders(body) }));
    expect([status, events.map(({ type, personId, email }) => [type, personId, email])]).toEqual([
      200,
      [
        ["EmployeeLeft", "70", "ada0@example.com"],
        ["EmployeeLeft", "71", "ada1@example.com"],
      ],
    ]);
  });

  it("is not believed under a wrong signature, nor read without the content type of a form", async () => {
    const [body = ""] = (await readFixture("bamboohr-form-post.txt")).split("\n");
    const statuses = [
      await deliver(fromBambooHr(body, { headers: formHeaders(`${body}&type=employee.deleted`) })),
      await deliver(fromBambooHr(body)),
    ].map(({ status }) => status);
    expect(statuses).toEqual([401, 422]);
  });
});
