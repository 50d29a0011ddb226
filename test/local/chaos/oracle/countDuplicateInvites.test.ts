import { describe, expect, it } from "vitest";
import { countDuplicateInvites } from "../../../../src/local/chaos/oracle/countDuplicateInvites.ts";
import type { History } from "../../../../src/local/chaos/oracle/histories.ts";
import { decision, entry, journal, mail } from "./examples.ts";

const history: History = [
  decision("hired", 1, "in"),
  decision("left", 2, "out"),
  decision("returned", 3, "in"),
];
const hired = entry("applied", 20, "r1");
const returned = entry("applied", 40, "r2");

describe("invitations", () => {
  it("are one for each decision to let a person in", () => {
    expect(
      countDuplicateInvites(history, [mail(10, "r1"), mail(30, "r2")], journal({ hired, returned })),
    ).toBe(0);
  });

  it("are one too many if the answer of the first was lost and it was sent again", () => {
    const mails = [mail(5, "lost"), mail(10, "r1"), mail(30, "r2")];
    expect(countDuplicateInvites(history, mails, journal({ hired, returned }))).toBe(1);
  });

  it("are not too many if the lost one was found to have arrived", () => {
    const settled = journal({ hired: entry("unchanged", 20), returned });
    expect(countDuplicateInvites(history, [mail(10, "lost"), mail(30, "r2")], settled)).toBe(0);
  });

  it("are not too many if a newer decision came before the lost one was tried again", () => {
    const settled = journal({ hired: entry("superseded", 50), left: entry("applied", 45), returned });
    expect(countDuplicateInvites(history, [mail(10, "lost"), mail(30, "r2")], settled)).toBe(0);
  });

  it("are too many if the decision was settled before the mail went out", () => {
    const settled = journal({ hired: entry("superseded", 5), returned });
    expect(countDuplicateInvites(history, [mail(10, "lost"), mail(30, "r2")], settled)).toBe(1);
  });

  it("are not excused by a leave, which sends none", () => {
    const settled = journal({ hired, left: entry("applied", 45), returned });
    expect(countDuplicateInvites(history, [mail(10, "r1"), mail(15, "lost"), mail(30, "r2")], settled)).toBe(
      1,
    );
  });

  it("are two too many if three went out for one decision", () => {
    const settled = journal({ hired: entry("unchanged", 40) });
    const mails = [mail(10, "a"), mail(20, "b"), mail(30, "c")];
    expect(countDuplicateInvites([decision("hired", 1, "in")], mails, settled)).toBe(2);
  });
});
