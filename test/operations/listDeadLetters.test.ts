import { describe, expect, it } from "vitest";
import {
  chooseDeadLetters,
  type DeadLetterFilter,
  meansEveryDeadLetter,
} from "../../src/operations/listDeadLetters.ts";
import type { StoredDeadLetter } from "../../src/queue/storedDeadLetter.ts";

const now = Date.parse("2026-06-01T08:00:00Z");
const minute = 60_000;

function aLetter(
  eventId: string,
  ageMinutes: number,
  given: Partial<StoredDeadLetter> = {},
): StoredDeadLetter {
  return {
    pipeline: "offboard",
    messageId: `dead-${eventId}`,
    receiptHandle: "",
    body: "",
    attributes: { RollcallMessageId: `message-${eventId}` },
    cause: { code: "UserNotFound", reason: "account team-0001 has no such user" },
    event: { eventId, personId: `P-${eventId}`, emails: [`${eventId}@example.com`, "desk@example.com"] },
    since: now - ageMinutes * minute,
    firstReceivedAt: now,
    receiveCount: 1,
    ...given,
  };
}

const letters = [
  aLetter("a", 10),
  aLetter("b", 120, { cause: { code: "Malformed", reason: "data.email: expected an ADDRESS" } }),
  aLetter("c", 60, { pipeline: "onboard" }),
  aLetter("e", 1, { pipeline: "relicense", messageId: "0a1b2c3d-e" }),
  aLetter("d", -5, { pipeline: "relicense", event: { emails: [] } }),
];

describe("chooseDeadLetters", () => {
  const chosen = (filter: DeadLetterFilter) =>
    chooseDeadLetters(letters, filter, now).chosen.map(({ messageId }) => messageId.at(-1));

  it.each<[DeadLetterFilter, string[]]>([
    [{}, ["c", "b", "a", "e", "d"]],
    [{ pipeline: "offboard" }, ["b", "a"]],
    [{ code: "malformed" }, ["b"]],
    [{ reason: "an address" }, ["b"]],
    [{ person: "P-a" }, ["a"]],
    [{ person: "p-a" }, []],
    [{ person: "Desk@example.com" }, ["c", "b", "a", "e"]],
    [{ olderThan: 60 * minute }, ["c", "b"]],
    [{ newerThan: 60 * minute }, ["a", "e", "d"]],
    [{ olderThan: 0 }, ["c", "b", "a", "e", "d"]],
    [{ olderThan: 20 * minute, newerThan: 90 * minute }, ["c"]],
    [{ ids: ["a", "dead-b", "message-c"] }, ["c", "b", "a"]],
    [{ ids: ["a", "b"], code: "Malformed" }, ["b"]],
    [{ ids: ["A"] }, []],
    [{ ids: ["0a1b2c3d"] }, ["e"]],
    [{ ids: ["0a1b2c3"] }, []],
  ])("with %j leaves %j, by pipeline and the oldest first", (filter, expected) => {
    expect(chosen(filter)).toEqual(expected);
  });

  it("names the ids that no letter has, not those that a filter leaves out", () => {
    const { missing } = chooseDeadLetters(letters, { ids: ["a", "x"], code: "Malformed" }, now);
    expect(missing).toEqual(["x"]);
  });
});

describe("meansEveryDeadLetter", () => {
  it("is so only where nothing is chosen at all", () => {
    const filters: DeadLetterFilter[] = [{}, { ids: [] }, { ids: ["a"] }, { olderThan: 0 }, { person: "P" }];
    expect(filters.map(meansEveryDeadLetter)).toEqual([true, true, false, false, false]);
  });
});
