import { describe, expect, it } from "vitest";
import { blow } from "../../../../src/local/chaos/faults/blows.ts";
import { deliveryFault, putFault } from "../../../../src/local/chaos/faults/busFaults.ts";
import { callFault } from "../../../../src/local/chaos/faults/chimeFaults.ts";
import { dynamoFault } from "../../../../src/local/chaos/faults/dynamoFaults.ts";
import { sqsFault } from "../../../../src/local/chaos/faults/sqsFaults.ts";
import { permanentCode, transientFate } from "../../../../src/local/chaos/faults/userFates.ts";

const draws = 20_000;

/** In how many of a hundred draws, rounded. */
function percent(isStruck: (nth: number) => boolean): number {
  return Math.round((100 * Array.from({ length: draws }, (_, nth) => nth).filter(isStruck).length) / draws);
}

const outcomeOf = (operation: string, nth: number) => {
  const { call } = callFault(7, operation, nth);
  if (call?.kind === "reset") return call.takesEffect ? "answer lost" : "cut off";
  return call?.kind === "exception" ? "refused" : "passed";
};

describe("the schedule of faults", () => {
  it("refuses 3 % of the calls of Chime, loses the answer of 3 % and cuts off 1 %", () => {
    const share = (outcome: string) => percent((nth) => outcomeOf("BatchSuspendUser", nth) === outcome);
    expect(["refused", "answer lost", "cut off", "passed"].map(share)).toEqual([3, 3, 1, 93]);
  });

  it("loses the answers of invitations more often, because they are few and cannot be repeated", () => {
    expect(percent((nth) => outcomeOf("InviteUsers", nth) === "answer lost")).toBe(5);
  });

  it("fails one person in a hundred for good and one in twenty for once", () => {
    const permanent = percent(
      (nth) => permanentCode(7, "BatchSuspendUser", `p${nth}@example.com`) !== undefined,
    );
    const transient = percent(
      (nth) => transientFate(7, "BatchSuspendUser", "p@example.com", nth) !== undefined,
    );
    expect({ permanent, transient }).toEqual({ permanent: 1, transient: 5 });
  });

  it("changes some people whose failure it reports, but invites nobody whose invitation it calls failed", () => {
    const lies = (operation: string) =>
      percent((nth) => transientFate(7, operation, "p@example.com", nth)?.takesEffect === true);
    expect([lies("BatchSuspendUser"), lies("InviteUsers")]).toEqual([1, 0]);
  });

  it("delivers one event in twenty twice and one in three late", () => {
    const fault = (nth: number) => deliveryFault(7, `e${nth}`, 1);
    const copies = percent((nth) => fault(nth).copies === 2);
    const late = percent((nth) => fault(nth).delayMilliseconds !== undefined);
    expect({ copies, late }).toEqual({ copies: 5, late: 33 });
  });

  it("loses the answer of one PutEvents in a hundred and refuses another", () => {
    const share = (kind: string) => percent((index) => putFault(7, index)?.kind === kind);
    expect([share("loseAnswer"), share("refuse")]).toEqual([1, 1]);
  });

  it("fails requests of DynamoDB singly, and in spells that outlast the SDK's tries", () => {
    const spells = Array.from(
      { length: draws / 80 },
      (_, spell) =>
        Array.from({ length: 80 }, (_, index) => dynamoFault(7, spell * 80 + index)).filter(
          (fault) => fault?.kind === "refuse",
        ).length,
    );
    expect(percent((index) => dynamoFault(7, index)?.kind === "loseAnswer")).toBe(1);
    expect([
      spells.filter((failures) => failures > 40).length > 0,
      spells.filter((failures) => failures <= 5).length > 200,
    ]).toEqual([true, true]);
  });

  it("spares the queues that the run reads itself", () => {
    const request = { entries: [], queue: "rollcall-dev-onboard-dlq" };
    const share = (operation: string) =>
      percent((index) => sqsFault(7, { ...request, operation, index }) !== undefined);
    expect([share("ReceiveMessage"), share("GetQueueAttributes"), share("SendMessageBatch")]).toEqual([
      0, 0, 1,
    ]);
  });

  it("refuses single entries only of what has entries", () => {
    const kinds = (ids: string[]) =>
      new Set(
        Array.from({ length: 2000 }, (_, index) => {
          const entries = ids.map((Id) => ({ Id }));
          return sqsFault(7, { operation: "DeleteMessageBatch", queue: "q", index, entries })?.kind;
        }),
      ).has("refuseEntries");
    expect([kinds(["0", "1"]), kinds([])]).toEqual([true, false]);
  });

  it("kills the process of one invocation in five, a third of them by the clock", () => {
    const blows = Array.from({ length: draws }, (_, nth) => blow(7, "f", nth + 1)).filter(
      (fallen) => fallen !== undefined,
    );
    const byClock = blows.filter(({ kind }) => kind === "afterStart");
    expect([
      Math.round((100 * blows.length) / draws),
      Math.round((10 * byClock.length) / blows.length),
    ]).toEqual([20, 3]);
  });
});
