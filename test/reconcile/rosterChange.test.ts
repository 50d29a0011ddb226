import { expect, it } from "vitest";
import { eventIdsOf, toEventLine } from "../../src/reconcile/rosterChange.ts";
import { aDesiredChange, noon } from "../provisioning/samples.ts";

it("the id of an event follows from the roster's time, the change and the person, and from nothing else", () => {
  const idOf = eventIdsOf(noon);
  const ids = [
    idOf("leaver", "p-1"),
    idOf("license", "p-1"),
    idOf("leaver", "p-2"),
    eventIdsOf(noon + 1)("leaver", "p-1"),
  ];
  expect(new Set(ids).size).toBe(4);
  expect(eventIdsOf(noon)("leaver", "p-1")).toBe(ids[0]);
});

it("an id is short enough for an event, however long the person's is", () => {
  expect(eventIdsOf(noon)("returner", "p".repeat(128)).length).toBeLessThanOrEqual(128);
});

it("an event names the earlier addresses, so that the ledger knows who was renamed", () => {
  const desired = aDesiredChange({ previousEmails: ["ada.byron@example.com"] });
  const { data } = JSON.parse(toEventLine({ kind: "leaver", desired, user: undefined })).detail;
  expect(data).toEqual({
    personId: "p-1",
    email: "ada@example.com",
    previousEmails: ["ada.byron@example.com"],
    userBefore: { status: "absent" },
  });
});

it("an event names the person where it may make a user, and nowhere else", () => {
  const desired = aDesiredChange({ profile: { givenName: "Ada" } });
  const profiles = (["leaver", "joiner", "returner", "license"] as const).map(
    (kind) => JSON.parse(toEventLine({ kind, desired, user: undefined })).detail.data.profile,
  );
  expect(profiles).toEqual([undefined, { givenName: "Ada" }, { givenName: "Ada" }, undefined]);
});

it("an event names the user whom the directory knows, as seen, and the license only where it is asked for", () => {
  const user = {
    userId: "u-1",
    email: "ada@example.com",
    state: "active",
    license: "Basic",
    type: "person",
  } as const;
  const given = { eventId: "e-1", role: "engineer", licenseType: "Pro" };
  const dataOf = (line: string) => JSON.parse(line).detail.data;
  const person = { personId: "p-1", email: "ada@example.com" };
  const userBefore = { status: "registered", license: "Basic" };
  expect(dataOf(toEventLine({ kind: "leaver", desired: aDesiredChange(given), user }))).toEqual({
    ...person,
    userId: "u-1",
    userBefore,
  });
  expect(dataOf(toEventLine({ kind: "joiner", desired: aDesiredChange(given), user: undefined }))).toEqual({
    ...person,
    userBefore: { status: "absent" },
  });
  expect(dataOf(toEventLine({ kind: "license", desired: aDesiredChange(given), user }))).toEqual({
    ...person,
    userId: "u-1",
    userBefore,
    licenseType: "Pro",
  });
});
