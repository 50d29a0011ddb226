import { describe, expect, it } from "vitest";
import { gusto } from "../../../src/inbound/webhooks/gusto.ts";
import { employee, gustoParameter, notice, signed } from "../fixtures/gusto.ts";
import { configuredVendor, eventsOf, interpretAll, profilesOf } from "../readings.ts";

const vendor = configuredVendor(gusto, gustoParameter);
const read = (event_type: string, answer: unknown = employee()) =>
  interpretAll(vendor.read(notice({ event_type })), answer);

const leaver = {
  type: "EmployeeLeft",
  occurredAt: "2022-12-14T23:00:41.000Z",
  personId: "e0000000-0000-4000-8000-000000000001",
  email: "linus@example.com",
  effectiveDate: "2022-12-30",
  timeZone: "America/Denver",
};

describe("a webhook of Gusto", () => {
  it("is looked up with the access token", () => {
    const [reading] = vendor.read(notice());
    expect(reading).toMatchObject({
      kind: "lookUp",
      request: {
        method: "GET",
        url: "https://api.gusto.com/v1/employees/e0000000-0000-4000-8000-000000000001",
        headers: { authorization: "Bearer gusto-access-token" },
      },
    });
  });

  it("names whoever comes back as they like to be called, and nobody who leaves", () => {
    const names = {
      first_name: "Linus",
      preferred_first_name: "Lin",
      last_name: "Pauling",
      department: null,
    };
    const types = ["employee.rehire_effective", "employee.terminated"];
    expect(profilesOf(types.flatMap((type) => read(type, employee(names))))).toEqual([
      ["EmployeeReturned", { givenName: "Lin", familyName: "Pauling" }],
      ["EmployeeLeft", undefined],
    ]);
    const wrong = employee({ first_name: ["Linus"], preferred_first_name: "", last_name: 7 });
    expect(profilesOf(read("employee.rehire_effective", wrong))).toEqual([["EmployeeReturned", undefined]]);
  });

  it("reports an end that is planned as terminated: access ends with the last day of the current employment", () => {
    expect(eventsOf(read("employee.terminated"))).toEqual([leaver]);
  });

  it.each(["employee.termination_effective", "employee.terminated_effective"])(
    "reports an end that has come as %s: both spellings are in use",
    (type) => {
      expect(eventsOf(read(type))).toEqual([leaver]);
    },
  );

  it("reports the end of this employment, whether it has gone into effect or not, and never that of an earlier one", () => {
    const earlier = { active: true, effective_date: "2020-02-29" };
    const planned = { active: false, effective_date: "2022-12-30" };
    const inEffect = { ...planned, active: true };
    const answers = [
      employee({ terminated: false, terminations: [earlier, planned] }),
      employee({ terminated: false, terminations: [planned, earlier] }),
      employee({ terminated: true, terminations: [earlier, inEffect] }),
      // Cancelled in the meantime: what is left ended before the rehire.
      employee({ terminated: false, terminations: [earlier] }),
    ];
    const days = answers
      .flatMap((answer) => read("employee.terminated", answer))
      .map((each) => (each.kind === "event" ? each.event.fields?.effectiveDate : each.kind));
    expect(days).toEqual(["2022-12-30", "2022-12-30", "2022-12-30", "invalid"]);
  });

  it.each([{ terminated: null }, { terminated: undefined }])(
    "has the day of the latest end where Gusto does not say whether the employee is terminated: %j",
    (unsaid) => {
      const inEffect = { active: true, effective_date: "2022-12-30" };
      const answer = employee({ ...unsaid, terminations: [inEffect] });
      expect(eventsOf(read("employee.terminated", answer))).toEqual([leaver]);
      expect(eventsOf(read("employee.termination_effective", answer))).toEqual([leaver]);
    },
  );

  it("is not passed over, nor taken for an end at once, where the day is no date", () => {
    const answer = employee({ terminations: [{ effective_date: "12/30/2022", active: false }] });
    const kinds = ["employee.terminated", "employee.termination_effective"]
      .flatMap((type) => read(type, answer))
      .map(({ kind }) => kind);
    expect(kinds).toEqual(["invalid", "invalid"]);
  });

  it("reports an end that has come also without its day: then it takes effect at once", () => {
    const { effectiveDate: _, timeZone: __, ...atOnce } = leaver;
    expect(eventsOf(read("employee.termination_effective", employee({ terminations: [] })))).toEqual([
      atOnce,
    ]);
  });

  it.each(["employee.termination_cancelled", "employee.rehire_effective"])(
    "reports by %s that somebody is back",
    (type) => {
      const { effectiveDate: _, timeZone: __, ...back } = { ...leaver, type: "EmployeeReturned" };
      expect(eventsOf(read(type, employee({ terminations: null })))).toEqual([back]);
    },
  );

  it.each([
    "employee.rehired",
    "employee.rehire_cancelled",
    "employee.updated",
    "company.updated",
    "constructor",
  ])("is ignored as %s, and not looked up", (event_type) => {
    expect(vendor.read(notice({ event_type })).map(({ kind }) => kind)).toEqual(["ignored"]);
  });

  it("is invalid where the response lacks a field", () => {
    const answers = [null, employee({ terminations: [] })];
    expect(answers.flatMap((each) => read("employee.terminated", each)).map(({ kind }) => kind)).toEqual(
      answers.map(() => "invalid"),
    );
  });

  it("never takes the private address: of a leaver without another the ledger is asked, and nobody comes back by it", () => {
    const answer = employee({ work_email: null });
    const types = ["employee.terminated", "employee.rehire_effective"];
    expect(types.flatMap((type) => read(type, answer)).map(({ kind }) => kind)).toEqual([
      "recall",
      "invalid",
    ]);
  });

  it("is known by its uuid when it comes twice", () => {
    const [reading] = read("employee.terminated");
    expect(reading?.kind === "event" && reading.event.id).toBe("gusto-5a1c0000-0000-4000-8000-00000000a001");
  });

  it.each([{ entity_uuid: "../companies" }, { uuid: "" }, { entity_type: "Company" }, { timestamp: "soon" }])(
    "is not passed over with %j",
    (differences) => {
      expect(vendor.read(notice(differences)).map(({ kind }) => kind)).toEqual(["invalid"]);
    },
  );
});

it("the signature of Gusto is keyed by the verification token", () => {
  const body = JSON.stringify(notice());
  const rejections = [signed(body), signed(body, "another-signing-key"), signed(`${body} `), {}].map(
    (headers) => vendor.rejectionReason({ headers, body: Buffer.from(body) }, 0),
  );
  expect(rejections).toEqual([undefined, "a wrong signature", "a wrong signature", "no X-Gusto-Signature"]);
});

it("the verification token of Gusto comes by itself", () => {
  const token = "6590f590-0000-4000-8000-e361e1e2efc0";
  const bodies = [{ verification_token: token }, { verification_token: "a b" }, notice()];
  expect(bodies.map((body) => gusto.readHandshake(JSON.stringify(body)))).toEqual([
    { kind: "token", token },
    undefined,
    undefined,
  ]);
});
