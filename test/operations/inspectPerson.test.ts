import { describe, expect, it } from "vitest";
import type { History as WholeHistory } from "../../src/ledger/personHistory.ts";
import { findPeople } from "../../src/operations/inspectPerson.ts";

type History = Pick<WholeHistory, "ofPerson" | "peopleAt">;

/** Knows these people, and some of them under one address. */
function historyOf(ids: string[], atAddress = ids): History {
  return {
    ofPerson: async (personId) =>
      ids.includes(personId) ? { personId, heads: [], entries: [], waiting: [], held: [] } : undefined,
    peopleAt: async (email) => (email === "ada@example.com" ? atAddress : []),
  };
}
const idsFor = async (who: string, history: History) =>
  (await findPeople(history, who)).map(({ personId }) => personId);

describe("findPeople", () => {
  it("finds one by id, to the letter, and asks for no address", async () => {
    const history: History = {
      ...historyOf(["P-1"]),
      peopleAt: () => Promise.reject(new Error("nobody asked for an address")),
    };
    expect([await idsFor("P-1", history), await idsFor("p-1", history)]).toEqual([["P-1"], []]);
  });

  it("finds everyone at an address, whatever its case, in the order of their ids", async () => {
    expect(await idsFor("Ada@Example.com", historyOf(["P-2", "P-1"]))).toEqual(["P-1", "P-2"]);
  });

  it("finds whose id is an address, once", async () => {
    const elsewhere = historyOf(["ada@example.com", "P-1"], ["P-1"]);
    const there = historyOf(["ada@example.com"]);
    expect([await idsFor("ada@example.com", elsewhere), await idsFor("ada@example.com", there)]).toEqual([
      ["P-1", "ada@example.com"],
      ["ada@example.com"],
    ]);
  });
});
