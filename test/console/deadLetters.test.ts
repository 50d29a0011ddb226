import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { leaverBody } from "../cli/commands/dlqBench.ts";
import { startTakingBus, type TakingBus } from "../cli/takingBus.ts";
import { type OpenConsole, textOf, useConsoleBench } from "./consoleBench.ts";

const bench = useConsoleBench();
const because = "a typo in HR";
let open: OpenConsole;
let bus: TakingBus;
beforeAll(async () => {
  bus = await startTakingBus();
  const target = bench.target();
  open = await bench.start({
    target: { ...target, endpoints: { ...target.endpoints, eventBridge: bus.url } },
  });
});
afterAll(() => bus.close());

/** Follows an act to what became of each. */
async function resultOf(location: string | undefined) {
  let result = await open.get(location ?? "");
  while (textOf(result).includes("Under way")) result = await open.get(location ?? "");
  return textOf(result);
}

describe("the page of dead letters", () => {
  it("shows them by code with advice, and redrives those that are ticked", async () => {
    const ids = ["hr-1", "hr-2", "hr-3"];
    await bench.reject(
      "offboard",
      ids.map((id) => leaverBody(id, `P-${id}`)),
      { kind: "rejected", code: "UserNotFound", reason: "no user" },
    );
    const list = await open.get("/dead-letters?code=UserNotFound");
    const [, row = ""] = /value="(\d+)"[^>]*aria-label="hr-2 of P-hr-2"/.exec(list.body) ?? [];
    const review = await open.submit(list, "/dead-letters/review", {
      action: "redrive",
      scope: "ticked",
      row,
      because,
    });
    expect(textOf(review)).toMatch(
      /Redrive 1 dead letter\?.*rollcall dlq redrive --stage dev .*--because "a typo in HR" [\da-f-]{36}/,
    );
    const decided = await open.submit(review, "/dead-letters/decide", {});
    // Whoever looks meanwhile is led to the act, which has the letters.
    const meanwhile = await open.get("/dead-letters");
    expect([meanwhile.status, meanwhile.headers.location]).toEqual([303, decided.headers.location]);
    expect(await resultOf(decided.headers.location)).toMatch(/1 redriven.*P-hr-2/);
    const left = textOf(await open.get("/dead-letters"));
    expect(ids.map((id) => left.includes(id))).toEqual([true, false, true]);
  });

  it("discards all of a list, with the operator's reason in the journal", async () => {
    await bench.reject("offboard", [leaverBody("hr-9", "P-9")], {
      kind: "rejected",
      code: "Refused",
      reason: "no",
    });
    const list = await open.get("/dead-letters?code=Refused");
    const review = await open.submit(list, "/dead-letters/review", {
      action: "discard",
      scope: "all",
      because,
    });
    const decided = await open.submit(review, "/dead-letters/decide", {});
    expect(await resultOf(decided.headers.location)).toContain("1 discarded");
    expect(await bench.journalOf("P-9")).toEqual([{ outcome: "discarded", by: "eve", note: because }]);
    const again = await open.submit(list, "/dead-letters/review", {
      action: "discard",
      scope: "all",
      because,
    });
    const second = await open.submit(again, "/dead-letters/decide", {});
    expect(await resultOf(second.headers.location)).toContain("1 gone");
  });
});

describe("a dead letter that is mended", () => {
  it("is masked until somebody asks, checked in place, explained, published, and discarded", async () => {
    await bench.reject("offboard", [leaverBody("hr-20", "P-20", "adda@example.com")], {
      kind: "rejected",
      code: "UserNotFound",
      reason: "no user",
    });
    const list = await open.get("/dead-letters?person=P-20");
    const [, path = ""] = /href="(\/dead-letters\/letter\?[^"]+)"/.exec(list.body) ?? [];
    const letter = await open.get(path);
    expect([letter.body.includes("adda@example.com"), textOf(letter).includes("a***@example.com")]).toEqual([
      false,
      true,
    ]);
    const form = await open.submit(letter, "/dead-letters/edit", {});
    const wrong = await open.submit(form, "/dead-letters/check", { "set:data.email": "nobody", because });
    expect([wrong.status, textOf(wrong)]).toEqual([400, expect.stringContaining("data.email")]);
    const mended = await open.submit(wrong, "/dead-letters/check", {
      "set:data.email": "ada@example.com",
      because,
    });
    expect(textOf(mended)).toMatch(/rollcall dlq edit .*--because "a typo in HR" [\da-f-]{36}/);
    const published = await open.submit(mended, "/dead-letters/publish", {});
    expect(await resultOf(published.headers.location)).toContain("1 published, 1 discarded");
    expect(await bus.taken()).toMatchObject([
      { metadata: { id: "hr-20-mended" }, data: { personId: "P-20", email: "ada@example.com" } },
    ]);
    expect(textOf(await open.get("/dead-letters?person=P-20"))).toContain("No dead letter matches");
  });
});
