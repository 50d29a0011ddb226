import { describe, expect, it } from "vitest";
import { mixedReleases, runsPrevious } from "../../../dev/chaos/mixedReleases.ts";

const functionName = "rollcall-dev-offboard";
const numbers = Array.from({ length: 2000 }, (_, index) => index + 1);

describe("two releases at work", () => {
  it("share the execution environments of each function by halves, as the seed draws", () => {
    const previous = (name: string) =>
      numbers.filter((nth) => runsPrevious(7, { functionName: name, nth })).length / numbers.length;
    expect(
      [previous(functionName), previous("rollcall-dev-onboard")].map((share) => share.toFixed(1)),
    ).toEqual(["0.5", "0.5"]);
  });

  it("are told to the stack as they are counted, and people count who met both", () => {
    const { otherPackage, onInvocation, counts } = mixedReleases(7, "/previous");
    const isPrevious = (nth: number) => otherPackage.runs({ functionName, nth });
    const [present = 0, previous = 0] = [false, true].map((wanted) =>
      numbers.find((nth) => isPrevious(nth) === wanted),
    );
    const bodyOf = (personId: string) => JSON.stringify({ detail: { data: { personId } } });
    const invoke = (environment: number, ...bodies: string[]) =>
      onInvocation({ functionName, environment, payload: { Records: bodies.map((body) => ({ body })) } });
    invoke(present, bodyOf("P-1"), bodyOf("P-2"), "no JSON");
    invoke(previous, bodyOf("P-2"), bodyOf("P-3"));
    onInvocation({ functionName, environment: previous, payload: { source: "aws.events" } });
    expect(counts()).toEqual({ invocations: 2, peopleOfBoth: 1 });
  });
});
