import { expect, it } from "vitest";
import { buildEvent, type EventSetting } from "../../../src/operations/trigger/triggerEvent.ts";

const person = { personId: "P-1", email: "ada@example.com" };
const build = (...settings: EventSetting[]) =>
  buildEvent({ kind: "left", person, settings, eventId: "trigger-1", now: 0 });

it("refuses a misspelt field, which would make a leave of next month one of today", () => {
  const day = "2026-12-24T17:00:00Z";
  expect([
    build({ path: "data.efectiveAt", value: day }),
    build({ path: "metadata.orign", value: "drill" }),
    build({ path: "data.effectiveAt", value: day }, { path: "data.profile.title", value: "Engineer" }).kind,
  ]).toEqual([
    { kind: "malformed", problems: "EmployeeLeft has no field data.efectiveAt" },
    { kind: "malformed", problems: "EmployeeLeft has no field metadata.orign" },
    "built",
  ]);
});
