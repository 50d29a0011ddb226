import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hiBob } from "../../../src/inbound/webhooks/hiBob.ts";
import { hiBobParameter, notice, person, signed, withStatus as withStatusOf } from "../fixtures/hiBob.ts";
import { configuredVendor, eventsOf, interpretAll, profilesOf } from "../readings.ts";

const vendor = configuredVendor(hiBob, hiBobParameter);
const read = (type: string, answer: unknown = person()) =>
  interpretAll(vendor.read(notice({ type })), answer);
const withStatus = (status: string) => withStatusOf(status.toLowerCase(), status);

const leaver = {
  type: "EmployeeLeft",
  occurredAt: "2026-05-15T00:00:03.100Z",
  personId: "33",
  email: "grace@example.com",
  role: "Analyst",
};

describe("a webhook of HiBob", () => {
  it("is looked up as the service user", () => {
    const [reading] = vendor.read(notice());
    expect(reading).toMatchObject({
      kind: "lookUp",
      request: {
        method: "POST",
        url: "https://api.hibob.com/v1/people/33",
        headers: { authorization: `Basic ${Buffer.from("SERVICE-1:hibob-api-token").toString("base64")}` },
        body: expect.stringContaining("internal.lifecycleStatus"),
      },
    });
  });

  it("comes when the last day begins; access ends with it, where the person works", () => {
    expect(eventsOf(read("employee.left"))).toEqual([
      { ...leaver, reason: "terminated", effectiveDate: "2026-05-15", timeZone: "Pacific/Auckland" },
    ]);
  });

  it("is asked for dates as programs write them, because others depend on the settings of the service user", () => {
    const [reading] = vendor.read(notice());
    const body = reading?.kind === "lookUp" ? reading.request.body : "";
    expect(JSON.parse(body ?? "")).toMatchObject({ humanReadable: "APPEND" });
  });

  it("is not passed over, nor taken for an end at once, where the last day is no date", () => {
    const answer = person({ "/internal/terminationDate": { value: "08/09/2026" } });
    expect(read("employee.left", answer)).toEqual([
      {
        kind: "invalid",
        why: "expected a date such as 2026-05-14 in internal.terminationDate, or nothing; got something else",
      },
    ]);
  });

  it("knows a leaver by the status's own id too, whatever people call it", () => {
    expect(eventsOf(read("employee.left", withStatusOf("terminated", "Ausgetreten")))).toEqual([
      { ...leaver, reason: "terminated", effectiveDate: "2026-05-15", timeZone: "Pacific/Auckland" },
    ]);
  });

  it("is not passed over where somebody left with a status that nobody has named, and is where they are back", () => {
    const answers = [withStatusOf("7001", "Alumni"), withStatusOf("employed", "Employed")];
    expect(answers.flatMap((each) => read("employee.left", each)).map(({ kind }) => kind)).toEqual([
      "invalid",
      "ignored",
    ]);
  });

  it("reports an employee who is deleted, if HiBob still knows the person", () => {
    expect(eventsOf(read("employee.deleted"))).toEqual([{ ...leaver, reason: "deleted in HiBob" }]);
  });

  it("reports garden leave as leaving: access ends at once", () => {
    expect(eventsOf(read("employee.left", withStatus("Garden leave")))).toEqual([
      { ...leaver, reason: "garden leave" },
    ]);
  });

  it("lets people in until the end of the last day, whatever a company calls an end", () => {
    const other = configuredVendor(hiBob, { ...hiBobParameter, leaverStatuses: ["Terminated", "Alumni"] });
    const answers = [
      withStatusOf("7001", "Alumni"),
      withStatusOf("alumni", "Alumni"),
      withStatusOf("terminated", "Alumni"),
    ];
    const ends = answers.flatMap((each) => eventsOf(interpretAll(other.read(notice()), each)));
    const lastDay = { effectiveDate: "2026-05-15", timeZone: "Pacific/Auckland" };
    expect(ends).toEqual(answers.map(() => ({ ...leaver, reason: "alumni", ...lastDay })));
  });

  it("reports an end with a status of the company's own as at once where there is no last day", () => {
    const other = configuredVendor(hiBob, { ...hiBobParameter, leaverStatuses: ["Alumni"] });
    const answer = { ...withStatusOf("7001", "Alumni"), "/internal/terminationDate": { value: "" } };
    expect(eventsOf(interpretAll(other.read(notice()), answer))).toEqual([{ ...leaver, reason: "alumni" }]);
  });

  it("ends access at once for a leave with any name, though the employment ends weeks later", () => {
    const leaverStatuses = ["Freigestellt", "Leave", "Parental leave"];
    const other = configuredVendor(hiBob, { ...hiBobParameter, leaverStatuses });
    const answers = [
      withStatusOf("garden leave", "Freigestellt"),
      withStatusOf("leave", "Leave"),
      withStatusOf("7002", "Parental leave"),
    ].map((each) => ({ ...each, "/internal/terminationDate": { value: "2026-06-30" } }));
    expect(answers.flatMap((each) => eventsOf(interpretAll(other.read(notice()), each)))).toEqual([
      { ...leaver, reason: "freigestellt" },
      { ...leaver, reason: "leave" },
      { ...leaver, reason: "parental leave" },
    ]);
  });

  it("reports a leave and an end by the same type: the status distinguishes them", () => {
    const kinds = ["Leave", "Terminated"].map((status) =>
      read("employee.inactivated", withStatus(status)).map(({ kind }) => kind),
    );
    expect(kinds).toEqual([["ignored"], ["event"]]);
  });

  it("ends access for a leave only where the settings say so, and for garden leave unless they do not", () => {
    const other = configuredVendor(hiBob, { ...hiBobParameter, leaverStatuses: ["Terminated", "Leave"] });
    const kinds = ["Leave", "Garden leave"].map((status) =>
      interpretAll(other.read(notice({ type: "employee.inactivated" })), withStatus(status)).map(
        ({ kind }) => kind,
      ),
    );
    expect(kinds).toEqual([["event"], ["ignored"]]);
  });

  it("reports joiners, returners, and access that must end this minute", () => {
    const types = ["employee.joined", "employee.activated", "employee.access.revoked.immediately"];
    expect(types.flatMap((type) => eventsOf(read(type)))).toEqual([
      { ...leaver, type: "EmployeeHired" },
      { ...leaver, type: "EmployeeReturned" },
      { ...leaver, urgency: "immediate", reason: "access revoked in HiBob" },
    ]);
  });

  it.each(["employee.created", "employee.updated", "timeoff.requested"])(
    "is ignored as %s, and not looked up",
    (type) => {
      expect(vendor.read(notice({ type })).map(({ kind }) => kind)).toEqual(["ignored"]);
    },
  );

  it("is looked up with fields nested or by path, with values plain or in an object", () => {
    const nested = {
      email: "grace@example.com",
      internal: { lifecycleStatus: "terminated", terminationDate: "2026-05-15" },
      work: { title: "252349102", site: "2470301" },
      humanReadable: { work: { title: "Analyst", site: "Auckland" } },
    };
    expect(eventsOf(read("employee.left", nested))).toEqual(eventsOf(read("employee.left")));
  });

  it("is invalid where the response lacks a field", () => {
    const answers = [null, {}, withStatus("")];
    expect(answers.flatMap((each) => read("employee.left", each)).map(({ kind }) => kind)).toEqual(
      answers.map(() => "invalid"),
    );
  });

  it("is known by its content when it comes twice, for it brings no id", () => {
    const ids = [notice(), notice(), notice({ triggeredAt: "2026-05-16T00:00:03.1" })]
      .flatMap((each) => interpretAll(vendor.read(each), person()))
      .map((each) => each.kind === "event" && each.event.id);
    expect(ids[0]).toMatch(/^hibob-[0-9a-f]{32}$/);
    expect([ids[1] === ids[0], ids[2] === ids[0]]).toEqual([true, false]);
  });

  it("is read whatever stands in it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, answer) => {
        const payloads = [value, notice({ data: value }), notice({ triggeredAt: value })];
        const kinds = payloads
          .flatMap((each) => interpretAll(vendor.read(each), answer))
          .map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind === "event")).toEqual([]);
        expect(interpretAll(vendor.read(notice()), answer).map(({ kind }) => kind)).toEqual(["invalid"]);
      }),
    );
  });
});

it("a webhook of HiBob names joiners by what the look-up says of them, and no leaver", () => {
  const names = {
    ...person({
      "/root/firstName": { value: "Grace" },
      "/root/surname": { value: "Hopper" },
      "/root/displayName": { value: "Grace Hopper" },
      "/work/department": { value: "2470" },
      humanReadable: { work: { title: "Analyst", department: "Compilers" } },
    }),
    "/work/employeeIdInCompany": 33,
  };
  const types = ["employee.joined", "employee.deleted"];
  const profile = {
    givenName: "Grace",
    familyName: "Hopper",
    displayName: "Grace Hopper",
    department: "Compilers",
    employeeNumber: "33",
  };
  expect(profilesOf(types.flatMap((type) => read(type, names)))).toEqual([
    ["EmployeeHired", profile],
    ["EmployeeLeft", undefined],
  ]);
});

describe("the signature of HiBob", () => {
  const body = JSON.stringify(notice());
  const rejection = (headers: Record<string, string>, sent: string | Uint8Array = body) =>
    vendor.rejectionReason({ headers, body: Buffer.from(sent) }, 0);

  it("is Base64 of an HMAC with SHA-512", () => {
    expect(signed(body)["bob-signature"]).toMatch(/^[\w+/]{86}==$/);
    expect(rejection(signed(body))).toBe(undefined);
  });

  it("is refused if it is missing, of another key, or has anything that a decoder would forgive", () => {
    const right = signed(body)["bob-signature"];
    const wrong = [
      signed(body, "another-signing-key")["bob-signature"],
      `${right}\n`,
      right.replace(/=+$/, ""),
    ];
    expect([rejection({}), ...wrong.map((each) => rejection({ "bob-signature": each }))]).toEqual([
      "no Bob-Signature",
      ...wrong.map(() => "a wrong signature"),
    ]);
  });
});

it("a ping of HiBob is text or JSON, and nothing that only holds one", () => {
  const bodies = [
    "Ping test",
    '{"text":"Ping test"}',
    ' { "text" : "Ping test" }\n',
    JSON.stringify(notice()),
    "",
  ];
  expect(bodies.map((body) => hiBob.readHandshake(body)?.kind)).toEqual([
    "ping",
    "ping",
    "ping",
    undefined,
    undefined,
  ]);
});
