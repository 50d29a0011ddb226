import { beforeAll, describe, expect, it } from "vitest";
import {
  type Answer,
  type ConsoleClient,
  type OpenConsole,
  textOf,
  useConsoleBench,
} from "./consoleBench.ts";
import { openConsoleInMemory } from "./consoleInMemory.ts";

const bench = useConsoleBench();
const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(4, "0")}`);
const because = "HR confirms it";

/** Sends the form, and follows to what became of each. */
async function decide(open: ConsoleClient, list: Answer, fields: Record<string, string | readonly string[]>) {
  const review = await open.submit(list, "/held/review", { because, ...fields });
  const decided = await open.submit(review, "/held/decide", {});
  const path = decided.headers.location ?? "";
  let result = await open.get(path);
  while (textOf(result).includes("Under way")) result = await open.get(path);
  return { review, result, path };
}

describe("the page of held suspensions", () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await bench.start();
  });

  it("says what to do where nobody is held", async () => {
    expect(textOf(await open.get("/held"))).toContain("Nobody is held.");
  });

  it("releases those who are ticked, and nobody else, and tells what became of each", async () => {
    await bench.hold(names("T", 5).map((personId, index) => ({ personId, agoMilliseconds: 60_000 - index })));
    const list = await open.get("/held?person=T-*");
    const { review, result } = await decide(open, list, {
      scope: "ticked",
      row: ["1", "3"],
      action: "release",
    });
    expect(textOf(review)).toContain("Release 2 people?");
    expect(textOf(review)).toMatch(
      /rollcall held release --stage dev .*--person T-0001 --person T-0003 --because "HR confirms it"/,
    );
    expect(textOf(result)).toContain("2 released");
    expect({
      held: await bench.held(),
      due: await bench.due(),
      journal: await bench.journalOf("T-0001"),
    }).toEqual({
      held: ["T-0000", "T-0002", "T-0004"],
      due: ["T-0001", "T-0003"],
      journal: [{ outcome: "held", by: "eve", note: because }],
    });
  });

  it("means exactly those whom it showed, whoever came since", async () => {
    await bench.hold(names("S", 3).map((personId) => ({ personId })));
    const list = await open.get("/held?person=S-*");
    await bench.hold([{ personId: "S-later" }]);
    const { result } = await decide(open, list, { scope: "all", action: "discard" });
    expect(textOf(result)).toContain("3 discarded");
    expect((await bench.held()).filter((id) => id.startsWith("S-"))).toEqual(["S-later"]);
    // What was decided elsewhere meanwhile is told, and left alone.
    const again = await decide(open, list, { scope: "all", action: "release" });
    expect(textOf(again.result)).toContain("3 changed");
  });

  it("says in place what is missing, and does nothing", async () => {
    await bench.hold([{ personId: "M-1" }]);
    const list = await open.get("/held?person=M-1");
    const review = (fields: Record<string, string>) => open.submit(list, "/held/review", fields);
    const answers = [
      await review({ scope: "all", action: "release", because: " " }),
      await review({ scope: "all", action: "release", because: "x".repeat(501) }),
      await review({ scope: "ticked", action: "release", because }),
      await review({ scope: "all", action: "release", because, snapshot: "gone" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(answers.map((answer) => /A reason|Nobody is ticked|too old/.exec(textOf(answer))?.[0])).toEqual([
      "A reason",
      "A reason",
      "Nobody is ticked",
      "too old",
    ]);
    expect(await bench.held()).toContain("M-1");
  });

  it("opens a latch and allows suspensions, in the operator's name", async () => {
    const latch = { closedAt: Date.now(), asked: 55, passed: 25, limit: 58 };
    await bench
      .safeguard()
      .update("team-0001", () => ({ state: { admissions: [], acts: [], latch }, answer: undefined }));
    const page = await open.get("/held?account=team-0001");
    expect(textOf(page)).toContain("55 were to be suspended when 25 had passed, where 58 may pass.");
    const reset = await open.submit(page, "/safeguard/reset", { account: "team-0001", because });
    const allow = await open.submit(page, "/safeguard/allow", {
      account: "team-0001",
      because,
      count: "80",
      hours: "2",
    });
    expect([reset.status, allow.status]).toEqual([303, 303]);
    const [account] = await bench.safeguard().list();
    expect(account?.state).toMatchObject({
      allowance: { people: 80, by: "eve" },
      acts: [
        { what: "reset", by: "eve", note: because },
        { what: "allowed", by: "eve", note: because, people: 80 },
      ],
    });
    expect(account?.state.latch).toBeUndefined();
  });
});

describe("a burst", () => {
  it("is chosen by its link, and the command beside an act on it says that it would mean others too", async () => {
    const { open, hold } = openConsoleInMemory();
    const minute = 60_000;
    await hold(names("B", 25).map((personId) => ({ personId, agoMilliseconds: 30 * minute })));
    await hold(names("C", 30).map((personId) => ({ personId, agoMilliseconds: minute })));
    const all = await open.get("/held");
    const [, link = ""] = /href="(\/held\?[^"]*from=[^"]*)"[^>]*>25 people of team-0001/.exec(all.body) ?? [];
    const burst = await open.get(link.replaceAll("&amp;", "&"));
    const fields = { scope: "all", action: "release", because };
    const ofBurst = textOf(await open.submit(burst, "/held/review", fields));
    expect(ofBurst).toContain("Release 25 people?");
    expect(ofBurst).toContain("(of these, only the 25 chosen here)");
    expect(textOf(await open.submit(all, "/held/review", fields))).not.toContain("chosen here");
  });

  it("counts a person once who is held twice, and says how many decisions there are", async () => {
    const { open, hold } = openConsoleInMemory();
    await hold([
      { personId: "B-1", eventId: "left-1" },
      { personId: "B-1", eventId: "left-2", hasOwnPlace: true },
      { personId: "B-2" },
    ]);
    const page = await open.get("/held");
    expect(textOf(page)).toContain("2 people (3 decisions), as of");
    const fields = { scope: "all", action: "release", because };
    expect(textOf(await open.submit(page, "/held/review", fields))).toContain(
      "Release 2 people (3 decisions)?",
    );
  });
});

describe("5,000 people who are held", () => {
  it("shows the first 200, and the rest page by page, of one list; an act on all means that list, with a result for each", async () => {
    const { open, hold, held } = openConsoleInMemory();
    await hold(names("P", 5000).map((personId, index) => ({ personId, agoMilliseconds: 60_000 - index })));
    const first = await open.get("/held");
    const rowsOf = ({ body }: Answer) =>
      [...body.matchAll(/name="row" value="(\d+)"/g)].map(([, row]) => Number(row));
    expect(rowsOf(first)).toEqual(Array.from({ length: 200 }, (_, index) => index));
    const [, next = ""] = /href="(\/held\?[^"]*page=2)"/.exec(first.body) ?? [];
    await hold([{ personId: "A-newcomer" }]);
    const second = await open.get(next.replaceAll("&amp;", "&"));
    expect([rowsOf(second)[0], textOf(second).includes("5,000 people, as of")]).toEqual([200, true]);
    const { result, path } = await decide(open, first, { scope: "all", action: "release" });
    expect(textOf(result)).toContain("5,000 released");
    const last = await open.get(`${path}?page=25`);
    expect([textOf(last).includes("P-4999"), held()]).toEqual([true, ["A-newcomer"]]);
  });
});
