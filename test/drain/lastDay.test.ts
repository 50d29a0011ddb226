import { describe, expect, it } from "vitest";
import { memoryPendingStore } from "../../src/ledger/memory/memoryPendingStore.ts";
import { type MemoryStore, memoryStore } from "../../src/ledger/memory/memoryStore.ts";
import { publishDue } from "../../src/ledger/publishDue.ts";
import { hiBob } from "../../src/sources/hibob/hiBob.ts";
import { publishSourceEvents } from "../../src/sources/publishSourceEvents.ts";
import { type FakeDirectory, fakeDirectory } from "../directory/fakeDirectory.ts";
import { accountOf, concludeAll } from "../sources/conclude.ts";
import { hiBobParameter, notice, person } from "../sources/fixtures/hiBob.ts";
import { busToQueue } from "./busToQueue.ts";
import { runDrain } from "./runDrain.ts";

/** What came on the bus is drained, and what is due comes on the bus, as the functions do it; only the clock is ours. */
async function startDay() {
  const store: MemoryStore = memoryStore();
  const directory: FakeDirectory = fakeDirectory([
    {
      accountId: "team",
      type: "Team",
      users: [{ userId: "u-1", email: "ada@team.example", status: "registered", licenseType: "Pro" }],
    },
  ]);
  const bus = busToQueue();
  const put = { bus, sleep: async () => undefined, random: () => 0, signal: new AbortController().signal };
  const minuteAt = async (time: string) => {
    const now = Date.parse(time);
    await publishDue({ ...put, pending: memoryPendingStore(store), now });
    await runDrain(bus.take(), { intent: "offboard", directory, store, now });
    return directory.users("team").map(({ status }) => status)[0];
  };
  return { put, minuteAt };
}

/** HiBob's word on the morning of the last day, at that place. */
async function leaverOf(place: string, lastDay: string) {
  const settings = { ...hiBobParameter, timeZonePerLocation: { [place]: place } };
  const answer = person({
    "/root/email": { value: "ada@team.example" },
    "/internal/terminationDate": { value: lastDay },
    humanReadable: { work: { site: place }, internal: { lifecycleStatus: "Terminated" } },
  });
  const told = notice({ triggeredAt: `${lastDay}T00:00:03.1` });
  const readings = accountOf(hiBob, settings).read(told);
  return concludeAll(readings, answer).flatMap((each) => (each.kind === "event" ? [each.event] : []));
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
    const { put, minuteAt } = await startDay();
    await publishSourceEvents(await leaverOf(place, lastDay), put);
    const before = new Date(Date.parse(end) - 1000).toISOString();
    const states = [await minuteAt(`${lastDay}T00:00:10Z`), await minuteAt(before), await minuteAt(end)];
    expect(states).toEqual(["registered", "registered", "suspended"]);
  });
});
