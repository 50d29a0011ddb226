import { expect, it, vi } from "vitest";
import type { PersonHistory } from "../../src/ledger/personHistory.ts";
import { entryOf } from "../ledger/decisions.ts";
import { textOf } from "./consoleBench.ts";
import { openConsoleInMemory } from "./consoleInMemory.ts";

const history = (person: PersonHistory) => ({
  ofPerson: async () => person,
  peopleAt: async () => [],
  async *between() {},
  async *latest() {},
});

it("a person of 500 entries is shown page by page, the newest first, each once", async () => {
  const entries = Array.from({ length: 500 }, (_, index) =>
    entryOf({ personId: "P-1", eventId: `e-${String(index).padStart(3, "0")}`, minute: index }, "applied"),
  );
  const person = { personId: "P-1", heads: [], entries, waiting: [], held: [] };
  const { open } = openConsoleInMemory({ history: history(person) });
  const shown: string[] = [];
  for (let path: string | undefined = "/person?id=P-1"; path !== undefined; ) {
    const page = await open.get(path);
    expect(textOf(page)).toContain("500 events");
    shown.push(...[...page.body.matchAll(/<span class="id">(e-\d+)<\/span>/g)].map(([, id = ""]) => id));
    path = />Earlier<.*?href="([^"]*)">Later</.exec(page.body)?.[1]?.replaceAll("&amp;", "&");
  }
  expect(shown).toEqual(entries.map(({ eventId }) => eventId).toReversed());
});

it("a service that does not answer holds up no other part of the first page for long", async () => {
  const { open, hold } = openConsoleInMemory({ queues: { read: () => new Promise(() => {}) } });
  await hold([{ personId: "P-1" }]);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const page = open.get("/");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(textOf(await page)).toMatch(/There was no answer for 10 s.*Safeguard.*1 person held/);
  } finally {
    vi.useRealTimers();
  }
});
