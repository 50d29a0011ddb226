import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { InboundEvent } from "../../src/inbound/inboundEvent.ts";
import { ingestOktaEvents, readOktaEvent } from "../../src/inbound/okta.ts";
import { oktaEvent } from "./fixtures/okta.ts";
import { eventsOf } from "./readings.ts";

describe("ingestOktaEvents", () => {
  it("gives each message the outcome of its own event, whatever lies between them", async () => {
    const message = (uuid: string, result = "SUCCESS") => ({
      body: JSON.stringify(oktaEvent({ uuid, outcome: { result } })),
    });
    const messages = [{ body: "" }, message("a"), message("b", "FAILURE"), message("c"), message("d")];
    const results = { "okta-a": "accepted", "okta-c": "failed", "okta-d": "invalid" } as const;
    const publish = async (events: readonly InboundEvent[]) =>
      events.map(({ id }) => ({ kind: results[id as keyof typeof results], id, code: "Code", why: id }));
    const ingested = await ingestOktaEvents(messages, publish);
    expect(ingested.map((each) => each.message)).toEqual(messages);
    expect(ingested.map(({ outcome }) => outcome)).toEqual([
      expect.objectContaining({ kind: "rejected", code: "Unusable" }),
      { kind: "applied", requestId: undefined },
      { kind: "excluded", rule: "it did not succeed in Okta" },
      { kind: "retry", code: "NotPublished", reason: "okta-c" },
      { kind: "rejected", code: "Code", reason: "okta-d" },
    ]);
  });
});

describe("an event of Okta", () => {
  const leaver = {
    type: "EmployeeLeft",
    occurredAt: "2026-05-14T17:00:00.123Z",
    personId: "00u1",
    email: "ada@example.com",
  };
  /** Only events that may make a user name the person. */
  const named = { profile: { displayName: "Ada" } };

  it.each([
    ["user.lifecycle.deactivate", { ...leaver, reason: "deactivated in Okta" }],
    ["user.lifecycle.suspend", { ...leaver, reason: "suspended in Okta" }],
    ["user.lifecycle.unsuspend", { ...leaver, ...named, type: "EmployeeReturned" }],
    ["user.lifecycle.reactivate", { ...leaver, ...named, type: "EmployeeReturned" }],
    ["user.lifecycle.activate", { ...leaver, ...named, type: "EmployeeHired" }],
  ])(
    "of the type %s is about the user, when it was published, and not about who did it",
    (eventType, event) => {
      expect(eventsOf([readOktaEvent(oktaEvent({ eventType }))])).toEqual([event]);
    },
  );

  it("stands without a name that is none", () => {
    const target = (displayName: unknown) => [
      { id: "00u1", type: "User", alternateId: "ada@example.com", displayName },
    ];
    const events = [undefined, null, 7, " ", "\ufffe"].flatMap((displayName) =>
      eventsOf([
        readOktaEvent(oktaEvent({ eventType: "user.lifecycle.activate", target: target(displayName) })),
      ]),
    );
    expect(events).toEqual(events.map(() => ({ ...leaver, type: "EmployeeHired" })));
  });

  it("has either spelling of the detail-type, and the same id each time it comes", () => {
    const ids = ["SystemLog", "System Log"]
      .map((type) => readOktaEvent(oktaEvent({}, { "detail-type": type, id: `eb-${type}` })))
      .map((each) => each.kind === "event" && each.event.id);
    expect(ids).toEqual([1, 2].map(() => "okta-0kta0000-0000-4000-8000-000000000001"));
  });

  it.each([
    { outcome: { result: "FAILURE" } },
    { outcome: { result: "SKIPPED" } },
    { eventType: "user.lifecycle.create" },
    { eventType: "user.session.start" },
    { eventType: "application.user_membership.add" },
    { eventType: "application.user_membership.remove" },
    { eventType: "constructor" },
  ])("is ignored with %j", (detail) => {
    expect(readOktaEvent(oktaEvent(detail)).kind).toBe("ignored");
  });

  it.each([
    { target: [] },
    { target: null },
    { target: [{ id: "00u1", type: "User", alternateId: null }] },
    { uuid: "" },
    { published: "soon" },
    { outcome: null },
  ])("is invalid, and so not passed over, with %j", (detail) => {
    expect(readOktaEvent(oktaEvent(detail)).kind).toBe("invalid");
  });

  it("is read whatever stands in it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const readings = [value, { ...oktaEvent(), detail: value }, oktaEvent({ target: value })];
        expect(readings.map((each) => readOktaEvent(each).kind)).toEqual(readings.map(() => "invalid"));
      }),
    );
  });
});
