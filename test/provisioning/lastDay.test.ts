import { describe, expect, it } from "vitest";
import { gusto } from "../../src/inbound/webhooks/gusto.ts";
import { hiBob } from "../../src/inbound/webhooks/hiBob.ts";
import * as gustoSays from "../inbound/fixtures/gusto.ts";
import { hiBobParameter, notice, person } from "../inbound/fixtures/hiBob.ts";
import { configuredVendor, interpretAll } from "../inbound/readings.ts";
import { startDays } from "./startDays.ts";

/** HiBob's word on the morning of the last day, at that place. */
function leaverOf(place: string, lastDay: string) {
  const settings = { ...hiBobParameter, timeZonePerLocation: { [place]: place } };
  const answer = person({
    "/root/email": { value: "ada@team.example" },
    "/internal/terminationDate": { value: lastDay },
    humanReadable: { work: { site: place }, internal: { lifecycleStatus: "Terminated" } },
  });
  const webhook = notice({ triggeredAt: `${lastDay}T00:00:03.1` });
  return interpretAll(configuredVendor(hiBob, settings).read(webhook), answer);
}

describe("a leaver's last day", () => {
  it.each([
    ["Pacific/Auckland", "2026-05-15", "2026-05-15T12:00:00Z"],
    ["America/Los_Angeles", "2026-05-15", "2026-05-16T07:00:00Z"],
    // The clocks go forward in the night after it, and back in the other; in Lebanon at midnight itself.
    ["Europe/London", "2026-03-28", "2026-03-29T00:00:00Z"],
    ["America/Los_Angeles", "2026-10-31", "2026-11-01T07:00:00Z"],
    ["America/Los_Angeles", "2026-11-01", "2026-11-02T08:00:00Z"],
    ["Asia/Beirut", "2026-03-28", "2026-03-28T22:00:00Z"],
  ])("in %s ends on %s at %s, and not a second before", async (place, lastDay, end) => {
    const { publish, minuteAt } = startDays();
    await publish(leaverOf(place, lastDay));
    const before = new Date(Date.parse(end) - 1000).toISOString();
    const states = [await minuteAt(`${lastDay}T00:00:10Z`), await minuteAt(before), await minuteAt(end)];
    expect(states).toEqual(["active", "active", "suspended"]);
  });
});

describe("an end that Gusto plans", () => {
  const said = (event_type: string, at: string, lastDay: string) =>
    interpretAll(
      configuredVendor(gusto, gustoSays.gustoParameter).read(
        gustoSays.notice({
          event_type,
          uuid: `${event_type}-${Date.parse(at)}`.replaceAll(".", "-"),
          timestamp: at,
        }),
      ),
      gustoSays.employee({
        work_email: "ada@team.example",
        terminations: [{ active: false, effective_date: lastDay }],
      }),
    );
  const planned = said("employee.terminated", "2026-05-14T09:00:00Z", "2026-05-20");
  const cancelled = said("employee.termination_cancelled", "2026-05-15T09:00:00Z", "2026-05-20");
  const plannedAnew = said("employee.terminated", "2026-05-16T09:00:00Z", "2026-05-27");
  const ends = ["2026-05-21T06:00:00Z", "2026-05-28T05:59:59Z", "2026-05-28T06:00:00Z"];

  it.each([
    ["and cancels never comes", [planned, cancelled], ["active", "active", "active"]],
    ["and cancels never comes, in either order", [cancelled, planned], ["active", "active", "active"]],
    ["anew comes on the new day", [planned, cancelled, plannedAnew], ["active", "active", "suspended"]],
    [
      "anew comes on the new day, in any order",
      [plannedAnew, planned, cancelled],
      ["active", "active", "suspended"],
    ],
  ])("%s", async (_, words, expected) => {
    const { publish, minuteAt } = startDays();
    for (const word of words) {
      await publish(word);
      await minuteAt("2026-05-16T09:01:00Z");
    }
    const states = [];
    for (const end of ends) states.push(await minuteAt(end));
    expect(states).toEqual(expected);
  });
});
