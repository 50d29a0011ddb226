import { describe, expect, it } from "vitest";
import { chimeFaults, permanentCode, poisonOf } from "../../../dev/directories/chimeFaults.ts";
import type { ReceivedCall } from "../../../packages/chime-simulator/callLog.ts";

const people = Array.from({ length: 400 }, (_, index) => `p${index}@example.com`);

function callWith(sequence: number, emails: readonly string[]): ReceivedCall {
  const users = emails.map((email) => ({ sent: `id of ${email}`, email }));
  return { sequence, at: 0, operation: "BatchSuspendUser", users, query: {}, body: undefined };
}

describe("the faults of Chime", () => {
  it("follow a person's own count of calls, not the order in which calls arrive", () => {
    const [one, other] = [chimeFaults(7, () => undefined), chimeFaults(7, () => undefined)];
    const together = [one.plan(callWith(1, people)), one.plan(callWith(2, people))];
    const apart = people.flatMap((email, index) => [
      other.plan(callWith(2 * index, [email])),
      other.plan(callWith(2 * index + 1, [email])),
    ]);
    const usersOf = (faults: typeof together) => faults.flatMap((fault) => fault?.users ?? []);
    const sorted = (faults: typeof together) =>
      usersOf(faults)
        .map((userFault) => JSON.stringify(userFault))
        .sort();
    expect(sorted(apart)).toEqual(sorted(together));
    expect(usersOf(together).length).toBeGreaterThan(20);
  });

  it("refuse a person for good in every call", () => {
    const refused = people.filter((email) => permanentCode(7, "BatchSuspendUser", email) !== undefined);
    const { plan } = chimeFaults(7, () => undefined);
    const failed = [1, 2, 3].map((sequence) =>
      plan(callWith(sequence, refused))?.users?.map(({ sent }) => sent),
    );
    const all = refused.map((email) => `id of ${email}`);
    expect({ count: refused.length > 0, failed }).toEqual({ count: true, failed: [all, all, all] });
  });

  it("know a person by address, however a call names them", () => {
    const [byId, byAddress] = [chimeFaults(7, () => undefined), chimeFaults(7, () => undefined)];
    const uppercase = people.map((email) => ({ sent: email.toUpperCase() }));
    const codes = (fault: ReturnType<typeof byId.plan>) =>
      fault?.users?.map((userFault) => ({ ...userFault, sent: "" }));
    expect(codes(byAddress.plan({ ...callWith(1, []), users: uppercase }))).toEqual(
      codes(byId.plan(callWith(1, people))),
    );
  });

  describe("in calls with a poisonous person", () => {
    const many = Array.from({ length: 2000 }, (_, index) => `q${index}@example.com`);
    const poisonous = many.filter((email) => poisonOf(7, email) !== undefined);
    const [culprit = ""] = poisonous;
    const good = many.filter((email) => poisonOf(7, email) === undefined).slice(0, 40);

    it("refuse every such call as a whole, whatever else was drawn, and name the culprit", () => {
      const { plan } = chimeFaults(7, () => undefined);
      const calls = Array.from({ length: 300 }, (_, index) =>
        plan(callWith(index, [...good, culprit.toUpperCase()])),
      ).map((fault) => fault?.call);
      expect(new Set(calls.map((call) => JSON.stringify(call))).size).toBe(1);
      expect(calls[0]).toMatchObject({
        kind: "exception",
        errorType: poisonOf(7, culprit),
        status: poisonOf(7, culprit) === "BadRequestException" ? 400 : 422,
        message: `cannot take "${culprit}" (${encodeURIComponent(culprit)})`,
      });
      expect(calls[0]).not.toHaveProperty("takesEffect");
    });

    it("refuse no call without one in this way", () => {
      const { plan } = chimeFaults(7, () => undefined);
      const exceptions = Array.from({ length: 300 }, (_, index) => plan(callWith(index, good))?.call).flatMap(
        (call) => (call?.kind === "exception" ? [call.errorType] : []),
      );
      expect(exceptions).not.toContain("BadRequestException");
      expect(exceptions).not.toContain("UnprocessableEntityException");
    });
  });

  it("name the people who fail, as a service does", () => {
    const { plan } = chimeFaults(7, () => undefined);
    const userFaults = plan(callWith(1, people))?.users ?? [];
    expect(userFaults.map((userFault) => (userFault.kind === "userError" ? userFault.message : ""))).toEqual(
      userFaults.map(({ sent }) => sent.replace("id of", "not for")),
    );
  });

  it("are recorded by the call's number, and every call is reported", () => {
    const seen: number[] = [];
    const { plan, injected } = chimeFaults(7, ({ sequence }) => seen.push(sequence));
    const call = callWith(9, ["p1@example.com"]);
    const fault = plan(call);
    expect({ seen, injected: [...injected] }).toEqual({ seen: [9], injected: [[9, { call, fault }]] });
  });
});
