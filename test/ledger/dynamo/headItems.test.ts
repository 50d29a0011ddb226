import { describe, expect, it } from "vitest";
import { fromHeadItem } from "../../../src/ledger/dynamo/headItems.ts";
import type { Item } from "../../../src/ledger/dynamo/ledgerTable.ts";
import type { HeadState } from "../../../src/ledger/head.ts";

describe("whether somebody has left", () => {
  const settled = (text: string, as: string) => ({ settled: { S: text }, settledAs: { S: as } });
  const leave = "100000000000001|100000000000001|1|left";
  const back = "100000000000002|100000000000002|0|back";

  it.each<[string, Item, string | undefined]>([
    ["follows in a head of an earlier release from a leave that stands", settled(leave, "applied"), leave],
    ["does not follow there from a leave that was rejected", settled(leave, "rejected"), undefined],
    ["does not follow there from a return", settled(back, "applied"), undefined],
    [
      "is denied of a leave that stands and was not carried out",
      { ...settled(leave, "applied"), leftOf: { S: `applied ${leave}` } },
      undefined,
    ],
    [
      "outlasts a return that was rejected",
      { ...settled(back, "rejected"), left: { S: leave }, leftOf: { S: `rejected ${back}` } },
      leave,
    ],
    [
      "is not believed of what an earlier release has moved since",
      { ...settled(back, "applied"), left: { S: leave }, leftOf: { S: `rejected ${back}` } },
      undefined,
    ],
  ])("%s", (_, item, left) => {
    expect(fromHeadItem(item).left).toBe(left);
  });
});

describe("the open claims of a head", () => {
  it.each<[string, Item, HeadState]>([
    [
      "are none where an earlier release has written that",
      { claimed: { S: "-" }, claimedBefore: { S: "-" } },
      {},
    ],
    [
      "are one where an earlier release says of it that it found itself",
      { claimed: { S: "v2" }, claimedBefore: { S: "v2" } },
      { claimed: "v2" },
    ],
    [
      "are all that stand in the item, by their order",
      { claimed: { S: "v4" }, claimedBefore: { S: "v3" }, claimedEarlier: { SS: ["v2", "v1"] } },
      { claimed: "v4", claimedBefore: ["v1", "v2", "v3"] },
    ],
    [
      "are those that an earlier release has left behind when it let the others go",
      { claimedEarlier: { SS: ["v2", "v1"] } },
      { claimed: "v2", claimedBefore: ["v1"] },
    ],
    [
      "are not those that an earlier release has left behind below what stands",
      { settled: { S: "v3" }, settledEventId: { S: "e" }, claimedEarlier: { SS: ["v2", "v1"] } },
      { settled: { version: "v3", as: "applied", eventId: "e" } },
    ],
    [
      "may be one of what stands as rejected",
      {
        settled: { S: "v1" },
        settledAs: { S: "rejected" },
        settledEventId: { S: "e" },
        claimed: { S: "v3" },
        claimedBefore: { S: "v2" },
        claimedEarlier: { SS: ["v1"] },
      },
      {
        settled: { version: "v1", as: "rejected", eventId: "e" },
        claimed: "v3",
        claimedBefore: ["v1", "v2"],
      },
    ],
  ])("%s", (_, item, head) => {
    expect(fromHeadItem(item)).toEqual(head);
  });
});
