import { expect, it } from "vitest";
import { takeInOkta } from "../../../src/sources/okta/takeInOkta.ts";
import type { SourceEvent } from "../../../src/sources/sourceEvent.ts";
import { oktaEvent } from "../fixtures/okta.ts";

it("each message gets the end of its own event, whatever lies between them", async () => {
  const message = (uuid: string, result = "SUCCESS") => ({
    body: JSON.stringify(oktaEvent({ uuid, outcome: { result } })),
  });
  const messages = [{ body: "" }, message("a"), message("b", "FAILURE"), message("c"), message("d")];
  const ends = { "okta-a": "accepted", "okta-c": "failed", "okta-d": "unusable" } as const;
  const publish = async (events: readonly SourceEvent[]) =>
    events.map(({ id }) => ({ kind: ends[id as keyof typeof ends], id, why: id }));
  const taken = await takeInOkta(messages, publish);
  expect(taken.map((each) => each.message)).toEqual(messages);
  expect(taken.map(({ outcome }) => outcome)).toEqual([
    expect.objectContaining({ kind: "rejected", code: "Unusable" }),
    { kind: "applied", requestId: undefined },
    { kind: "excluded", rule: "it did not succeed in Okta" },
    { kind: "retry", code: "NotPublished", reason: "okta-c" },
    { kind: "rejected", code: "Malformed", reason: "okta-d" },
  ]);
});
