import { describe, expect, it } from "vitest";
import { eventIdOf, eventIdOfBody } from "../../../../src/local/chaos/stream/eventIdOf.ts";

describe("the id of an event", () => {
  it("is read from its detail, and from the message that carries it", () => {
    const detail = { metadata: { id: "e1" } };
    expect([eventIdOf(detail), eventIdOfBody(JSON.stringify({ detail }))]).toEqual(["e1", "e1"]);
  });

  it.each([[null], [{}], [{ metadata: null }], [{ metadata: { id: 3 } }], ["text"]])(
    "is missing in %j",
    (detail) => {
      expect(eventIdOf(detail)).toBeUndefined();
    },
  );
});
