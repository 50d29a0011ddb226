import { describe, expect, it } from "vitest";
import { isBinding } from "../../../../src/local/chaos/oracle/isBinding.ts";
import { decision, entry, follows, journal } from "./examples.ts";

const hired = decision("hired", 1, "in");
const license = decision("#license:hired", 1, "Pro", follows("hired"));
const needless = decision("#license:hired", 1, "Basic", follows("hired", true));
const left = decision("left", 2);
const letIn = (outcome: string) => journal({ hired: entry(outcome, 10) });

describe("a decision", () => {
  it("of HR has to come to its end, whatever the journal says", () => {
    expect([hired, left].map((each) => isBinding(each, left, new Map()))).toEqual([true, true]);
  });
});

describe("a license that follows", () => {
  it("has to come if the person was let in, and that is the newest decision", () => {
    expect(["applied", "unchanged"].map((outcome) => isBinding(license, hired, letIn(outcome)))).toEqual([
      true,
      true,
    ]);
  });

  it("has not to come if they were not let in, have left again, or have it already", () => {
    expect([
      isBinding(license, hired, letIn("rejected")),
      isBinding(license, hired, new Map()),
      isBinding(license, left, letIn("applied")),
      isBinding(needless, hired, letIn("applied")),
    ]).toEqual([false, false, false, false]);
  });

  it.each(["applied", "unchanged", "rejected"])("counts if it was %s all the same", (outcome) => {
    const entries = new Map([...letIn("applied"), ["#license:hired", entry(outcome, 20)]]);
    expect([isBinding(license, left, entries), isBinding(needless, hired, entries)]).toEqual([true, true]);
  });

  it("does not count where the journal says that it is void", () => {
    const entries = new Map([...letIn("applied"), ["#license:hired", entry("superseded", 20)]]);
    expect(isBinding(license, left, entries)).toBe(false);
  });
});
