import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bambooHr } from "../../../src/inbound/webhooks/bambooHr.ts";
import {
  bambooHrParameter,
  fieldBased,
  lookedUp,
  record,
  signed,
  signedAt,
  thin,
} from "../fixtures/bambooHr.ts";
import { configuredVendor, eventsOf, interpretAll, profilesOf } from "../readings.ts";

const vendor = configuredVendor(bambooHr, bambooHrParameter);
const withApi = configuredVendor(bambooHr, {
  ...bambooHrParameter,
  api: { url: "https://acme.bamboohr.com", key: "bamboo-api-key" },
});
const read = (...records: object[]) => interpretAll(vendor.read(fieldBased(...records)));

const leaver = {
  type: "EmployeeLeft",
  occurredAt: "2026-01-31T18:42:00.000Z",
  personId: "77",
  email: "ada@example.com",
};
/** The policy may exclude a role, so leavers come with theirs. */
const engineer = { ...leaver, role: "Engineer" };

describe("a field-based webhook of BambooHR", () => {
  it("reports a leaver by the status, for there is no event of leaving", () => {
    expect(eventsOf(read(record()))).toEqual([engineer]);
  });

  it("has a value in an object of its own, or plain", () => {
    const fields = { "Work Email": { value: "ada@example.com" }, Status: { value: "Inactive" } };
    expect(eventsOf(read(record({ fields })))).toEqual([leaver]);
  });

  it("knows a field by its label and by its key alike", () => {
    const changed = {
      changedFields: ["status"],
      fields: { workEmail: "ada@example.com", status: "Inactive" },
    };
    expect(eventsOf(read(record(changed)))).toEqual([leaver]);
  });

  it("knows a field by the names that the administrator gave it", () => {
    const renamed = configuredVendor(bambooHr, {
      ...bambooHrParameter,
      fields: { email: ["Company Mail"], status: ["State"] },
    });
    const changed = {
      changedFields: ["State"],
      fields: { "Company Mail": "ada@example.com", State: "Inactive" },
    };
    expect(eventsOf(interpretAll(renamed.read(fieldBased(record(changed)))))).toEqual([leaver]);
  });

  it("ends access at the end of the last day, where the employee works", () => {
    const fields = { "Work Email": "ada@example.com", Status: "Inactive", "Termination Date": "2026-01-31" };
    const days = [
      fields,
      { ...fields, Location: "Auckland" },
      { ...fields, "Termination Date": "0000-00-00" },
    ];
    expect(eventsOf(read(...days.map((each) => record({ fields: each }))))).toEqual([
      { ...leaver, effectiveDate: "2026-01-31", timeZone: "America/Los_Angeles" },
      { ...leaver, effectiveDate: "2026-01-31", timeZone: "Pacific/Auckland" },
      leaver,
    ]);
  });

  it("reports a joiner on the morning of the first day", () => {
    const fields = {
      "Work Email": "ada@example.com",
      Status: "Active",
      "Job Title": "Engineer",
      "Hire Date": "2026-03-01",
    };
    expect(eventsOf(read(record({ action: "Created", fields, changedFields: [] })))).toEqual([
      {
        ...leaver,
        type: "EmployeeHired",
        role: "Engineer",
        effectiveDate: "2026-02-28",
        timeZone: "America/Los_Angeles",
      },
    ]);
  });

  it("reports a returner, a new role, and a record that is deleted", () => {
    const active = { "Work Email": "ada@example.com", Status: "Active", "Job Title": "Engineer" };
    const records = [
      record({ fields: active }),
      record({ fields: active, changedFields: ["Job Title"] }),
      record({ action: "Deleted" }),
    ];
    expect(eventsOf(read(...records))).toEqual([
      { ...engineer, type: "EmployeeReturned" },
      { ...engineer, type: "EmployeeRoleChanged" },
      { ...engineer, reason: "deleted in BambooHR" },
    ]);
  });

  it("moves a joiner whose first day or address changes before that day, and gives no license earlier", () => {
    const active = { "Work Email": "ada@example.com", Status: "Active", "Job Title": "Engineer" };
    const changes = [["Hire Date"], ["Work Email"], ["Job Title"]];
    const records = changes.flatMap((changedFields) =>
      ["2026-03-01", "2026-01-01"].map((day) =>
        record({ changedFields, fields: { ...active, "Hire Date": day } }),
      ),
    );
    const firstDay = { effectiveDate: "2026-02-28", timeZone: "America/Los_Angeles" };
    const nothing = { kind: "ignored", why: "neither the status nor the role has changed" };
    expect(eventsOf(read(...records))).toEqual([
      { ...engineer, type: "EmployeeReturned", ...firstDay },
      nothing,
      { ...engineer, type: "EmployeeReturned", ...firstDay },
      nothing,
      { ...engineer, type: "EmployeeRoleChanged", ...firstDay },
      { ...engineer, type: "EmployeeRoleChanged" },
    ]);
  });

  it("is ignored for a joiner without an address before the first day, and invalid with a day that is none", () => {
    const records = ["2026-03-01", "03/01/2026"].map((day) =>
      record({ changedFields: ["Status"], fields: { Status: "Active", "Hire Date": day } }),
    );
    expect(read(...records).map(({ kind }) => kind)).toEqual(["ignored", "invalid"]);
  });

  it("is ignored for other changes, and for a joiner who has no address yet", () => {
    const records = [
      record({ changedFields: ["Home Phone"] }),
      record({ changedFields: ["Job Title"] }),
      record({ action: "Created" }),
      record({ action: "Created", fields: { Status: "Active" } }),
    ];
    expect(read(...records).map(({ kind }) => kind)).toEqual(records.map(() => "ignored"));
  });

  it("is invalid, and so not passed over, where it may be about a leaver and lacks a field", () => {
    const { changedFields: _, ...anyChange } = record();
    const active = { "Work Email": "ada@example.com", Status: "Active" };
    const records = [
      // The administrator has renamed the status, and the settings do not know it.
      record({ changedFields: ["State"], fields: { "Work Email": "ada@example.com", State: "Inactive" } }),
      anyChange,
      record({ fields: { ...active, Status: "Inactive", "Termination Date": "31/01/2026" } }),
      record({ action: "Created", fields: { ...active, "Hire Date": "03/01/2026" } }),
      record({ fields: { Status: "Active" } }),
      record({ fields: { "Work Email": "ada@example.com" } }),
      record({ fields: { "Work Email": "ada@example.com", Status: "On hold" } }),
      record({ timestamp: "soon" }),
      { id: "78" },
    ];
    expect(read(...records).map(({ kind }) => kind)).toEqual(records.map(() => "invalid"));
  });

  it("sends no fields with a new employee, so that it is looked up, if it can be", () => {
    const created = fieldBased(record({ action: "Created", changedFields: [], fields: [] }));
    const answer = { ...lookedUp, status: "Active", hireDate: "2026-03-01" };
    expect(eventsOf(interpretAll(withApi.read(created), answer))).toEqual([
      {
        ...leaver,
        type: "EmployeeHired",
        role: "Engineer",
        effectiveDate: "2026-02-28",
        timeZone: "Pacific/Auckland",
      },
    ]);
    expect(vendor.read(created).map(({ kind }) => kind)).toEqual(["ignored"]);
  });

  it("names whoever comes back, and nobody who leaves", () => {
    const names = {
      "First Name": "Ada",
      lastName: { value: "King" },
      displayName: "",
      Department: "Maths",
      "Employee Number": 77,
    };
    const records = ["Active", "Inactive"].map((Status) =>
      record({ fields: { "Work Email": "ada@example.com", Status, ...names } }),
    );
    expect(profilesOf(read(...records))).toEqual([
      [
        "EmployeeReturned",
        { givenName: "Ada", familyName: "King", department: "Maths", employeeNumber: "77" },
      ],
      ["EmployeeLeft", undefined],
    ]);
  });

  it("gives the same id to the same record and to no other, for it brings none", () => {
    const ids = (...records: object[]) =>
      read(...records).map((each) => each.kind === "event" && each.event.id);
    const [first, again, other] = ids(record(), record(), record({ timestamp: "2026-01-31T18:42:01+0000" }));
    expect(first).toMatch(/^bamboohr-[0-9a-f]{32}$/);
    expect([again === first, other === first]).toEqual([true, false]);
  });

  it("is read whatever stands in it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const kinds = [value, { employees: [value] }, { employees: [record({ fields: { Status: value } })] }]
          .flatMap((payload) => interpretAll(vendor.read(payload)))
          .map(({ kind }) => kind);
        expect(kinds.filter((kind) => !["invalid", "event"].includes(kind))).toEqual([]);
      }),
    );
  });
});

describe("a thin webhook of BambooHR", () => {
  it("is looked up with the key", () => {
    const [reading] = withApi.read(thin());
    expect(reading).toMatchObject({
      kind: "lookUp",
      request: {
        method: "GET",
        url: "https://acme.bamboohr.com/api/v1/employees/77?fields=status,workEmail,jobTitle,hireDate,terminationDate,location,firstName,lastName,displayName,department,employeeNumber",
        headers: { authorization: `Basic ${Buffer.from("bamboo-api-key:x").toString("base64")}` },
      },
    });
  });

  it("gives with the look-up the event that a field-based one gives at once", () => {
    expect(eventsOf(interpretAll(withApi.read(thin()), lookedUp))).toEqual([
      { ...engineer, effectiveDate: "2026-01-31", timeZone: "Pacific/Auckland" },
    ]);
  });

  it("is known by the API's names, also where an administrator has renamed the fields", () => {
    const renamed = configuredVendor(bambooHr, {
      ...bambooHrParameter,
      api: { url: "https://acme.bamboohr.com", key: "bamboo-api-key" },
      fields: { email: ["Company Mail"], status: ["State"] },
    });
    expect(eventsOf(interpretAll(renamed.read(thin()), lookedUp))).toEqual(
      eventsOf(interpretAll(withApi.read(thin()), lookedUp)),
    );
  });

  it("is not passed over where it does not say what has changed, or the key may not read the status", () => {
    const anyChange = thin({ data: { employeeId: "77" } });
    const hireDate = thin({ data: { employeeId: "77", changedFields: ["hireDate"] } });
    const { status: _, ...unread } = lookedUp;
    const readings = [
      ...interpretAll(withApi.read(anyChange), lookedUp),
      ...interpretAll(withApi.read(hireDate), unread),
      ...interpretAll(withApi.read(hireDate), lookedUp),
    ];
    expect(readings.map(({ kind }) => kind)).toEqual(["invalid", "invalid", "ignored"]);
  });

  it("cannot be used without a key, or with an id that would lead elsewhere", () => {
    const elsewhere = thin({ data: { employeeId: "../meta/users", changedFields: [] } });
    expect(
      interpretAll([...vendor.read(thin()), ...withApi.read(elsewhere)]).map(({ kind }) => kind),
    ).toEqual(["invalid", "invalid"]);
  });
});

describe("the signature of BambooHR", () => {
  const body = JSON.stringify(fieldBased(record()));
  const now = Date.parse("2026-01-31T18:42:05Z");
  const rejection = (headers: Record<string, string>, sent = body, at = now) =>
    vendor.rejectionReason({ headers, body: Buffer.from(sent) }, at);

  it("is made of the body and the time, in Unix seconds or as ISO 8601", () => {
    const headers = [signedAt(now, body), signed("2026-01-31T18:42:00+0000", body)];
    expect(headers.map((each) => rejection(each))).toEqual([undefined, undefined]);
  });

  it("has between body and time what the settings say", () => {
    const dotted = configuredVendor(bambooHr, { ...bambooHrParameter, signatureSeparator: "." });
    const timestamp = "2026-01-31T18:42:00Z";
    const { "x-bamboohr-signature": signature } = signed(`.${timestamp}`, body);
    const headers = { "x-bamboohr-signature": signature, "x-bamboohr-timestamp": timestamp };
    expect([dotted.rejectionReason({ headers, body: Buffer.from(body) }, now), rejection(headers)]).toEqual([
      undefined,
      "a wrong signature",
    ]);
  });

  it("is right under either of two keys, so that one can be replaced", () => {
    const both = configuredVendor(bambooHr, {
      ...bambooHrParameter,
      signingKeys: ["the-next-signing-key", "bamboo-signing-key-1"],
    });
    const headers = [signedAt(now, body), signedAt(now, body, "the-next-signing-key")];
    expect(
      headers.map((each) => both.rejectionReason({ headers: each, body: Buffer.from(body) }, now)),
    ).toEqual([undefined, undefined]);
  });

  it("is refused if a header is missing, or the time is another than was signed", () => {
    const { "x-bamboohr-signature": signature, "x-bamboohr-timestamp": timestamp } = signedAt(now, body);
    expect([
      rejection({ "x-bamboohr-timestamp": timestamp }),
      rejection({ "x-bamboohr-signature": signature }),
      rejection({ "x-bamboohr-signature": signature, "x-bamboohr-timestamp": String(Number(timestamp) + 1) }),
    ]).toEqual(["no X-BambooHR-Signature", "no X-BambooHR-Timestamp", "a wrong signature"]);
  });

  it("is refused in capitals, for it is compared byte by byte", () => {
    const { "x-bamboohr-signature": signature, ...rest } = signedAt(now, body);
    expect(rejection({ ...rest, "x-bamboohr-signature": signature.toUpperCase() })).toBe("a wrong signature");
  });

  it("is worth nothing five minutes later, nor earlier, nor at a time that is none", () => {
    const headers = signedAt(now, body);
    const rejections = [295_000, 306_000, -301_000].map((by) => rejection(headers, body, now + by));
    expect([...rejections, rejection(signed("soon", body))]).toEqual([
      undefined,
      "an old timestamp",
      "an old timestamp",
      "an X-BambooHR-Timestamp that is no time",
    ]);
  });

  it("is refused after any one byte of the body was changed", () => {
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(body);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        expect(vendor.rejectionReason({ headers: signedAt(now, body), body: bytes }, now)).toBe(
          "a wrong signature",
        );
      }),
    );
  });
});

it.each(["", "a key", "bamboo-…", "bamboo\n"])(
  "an API key of BambooHR that fits in no header is a problem: %j",
  (key) => {
    const configured = bambooHr.configure({ ...bambooHrParameter, api: { url: "https://example.com", key } });
    expect(configured).toMatchObject({
      ok: false,
      problems: expect.stringMatching(/must be .*ASCII.*\n.*api\.key/),
    });
  },
);

it("the settings of BambooHR say what is wrong and quote no secret", () => {
  const wrong = {
    signingKeys: ["short-secret"],
    timeZone: "+02:00",
    api: { url: "http://example.com", key: "k" },
  };
  const configured = bambooHr.configure(wrong);
  expect(configured).toMatchObject({ ok: false, problems: expect.stringMatching(/signingKeys/) });
  expect(JSON.stringify(configured)).toMatch(/timeZone.*https/);
  expect(JSON.stringify(configured)).not.toContain("short-secret");
});

describe("the address of BambooHR's API, which secrets are sent to,", () => {
  const isTaken = (url: string) =>
    bambooHr.configure({ ...bambooHrParameter, api: { url, key: "bamboo-api-key" } }).ok;

  it.each([
    "https://acme.bamboohr.com",
    "https://acme.bamboohr.com/",
    "http://127.0.0.1:4010",
    "http://127.0.0.1/bamboo",
  ])("is encrypted, or stays on this machine: %s", (url) => {
    expect(isTaken(url)).toBe(true);
  });

  it.each([
    "http://acme.bamboohr.com",
    "http://127.0.0.1.evil.example",
    "http://127.0.0.1.evil.example:443/",
    "http://127.0.0.1:4010@evil.example/",
    "http://127.0.0.10/",
    "http://127x0.0.1/",
    "ftp://127.0.0.1/",
    "xhttps://acme.bamboohr.com",
    "acme.bamboohr.com",
  ])("is refused otherwise: %s", (url) => {
    expect(isTaken(url)).toBe(false);
  });
});
