import { describe, expect, it } from "vitest";
import { countReceives } from "../../../../src/local/chaos/faults/receives.ts";

const record = (id: string, count: number) => ({
  body: JSON.stringify({ detail: { metadata: { id } } }),
  attributes: { ApproximateReceiveCount: String(count) },
});

describe("the count of receives", () => {
  it("keeps the highest of each event, and counts the records that came again", () => {
    const receives = countReceives();
    receives.onInvocation({ payload: { Records: [record("a", 1), record("b", 3)] } });
    receives.onInvocation({ payload: { Records: [record("a", 2), record("b", 1)] } });
    expect({ most: [...receives.most], redelivered: receives.redelivered() }).toEqual({
      most: [
        ["a", 2],
        ["b", 3],
      ],
      redelivered: 2,
    });
  });

  it("passes over what is no batch", () => {
    const receives = countReceives();
    receives.onInvocation({ payload: { source: "aws.events" } });
    expect([...receives.most]).toEqual([]);
  });
});
