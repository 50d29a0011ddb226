import { describe, expect, it } from "vitest";
import { type GivenNames, nameTarget, type ResourceName } from "../../src/cli/targetNames.ts";

const all: readonly ResourceName[] = ["table", "stack", "bus"];
const ofStage = (stage: string) => ({
  stage,
  table: `rollcall-${stage}-ledger`,
  stack: `rollcall-${stage}`,
  bus: `rollcall-${stage}`,
});

/** What the places name, in the order of command line, environment and file. */
function named(places: readonly GivenNames[], needed: readonly ResourceName[] = all) {
  const naming = nameTarget(places, needed);
  return naming.kind === "named" ? naming.names : naming.message;
}

describe("nameTarget", () => {
  it("names everything after one stage", () => {
    expect(named([{ stage: "prod" }])).toEqual({ ...ofStage("prod"), isDefault: false });
  });

  it("takes dev where nobody names anything, and says so", () => {
    expect(named([{}, {}, {}])).toEqual({ ...ofStage("dev"), isDefault: true });
  });

  it.each<[string, GivenNames[], string]>([
    ["the environment", [{}, { stage: "prod" }, { stage: "test" }], "prod"],
    ["the file", [{}, {}, { stage: "prod" }], "prod"],
    ["a table on the command line", [{ table: "rollcall-prod-ledger" }, { stage: "dev" }, {}], "prod"],
    ["a stack in the environment", [{}, { stack: "rollcall-prod" }, {}], "prod"],
    ["a stage with hyphens", [{ bus: "rollcall-my-own-stage" }, {}, {}], "my-own-stage"],
    [
      "the command line, whatever names the environment has",
      [{ stage: "prod" }, { stage: "dev", table: "rollcall-dev-ledger", stack: "other" }, {}],
      "prod",
    ],
  ])("takes the stage from %s", (_, places, stage) => {
    expect(named(places)).toEqual({ ...ofStage(stage), isDefault: false });
  });

  it("lets a name beat the stage of the same place, and tells of no stage then", () => {
    expect(named([{ stage: "prod", table: "mine" }])).toEqual({
      table: "mine",
      stack: "rollcall-prod",
      bus: "rollcall-prod",
      isDefault: false,
    });
  });

  it("tells of no stage where the names are those of two", () => {
    const places = [{ table: "rollcall-prod-ledger", stack: "rollcall-test" }];
    expect(named(places, ["table", "stack"])).toEqual({ ...places[0], isDefault: false });
  });

  it("guesses no name where something else is named that tells nothing about it", () => {
    expect(named([{}, { table: "mine" }, {}], ["stack"])).toBe(
      "something else of the target is named, but not its stack; add --stack, or --stage for all of them",
    );
    expect(named([{}, { table: "mine" }, {}], ["table"])).toEqual({ table: "mine", isDefault: false });
  });

  it("takes a bus by its ARN as it is", () => {
    const bus = "arn:aws:events:eu-central-1:123456789012:event-bus/rollcall-prod";
    expect(named([{ bus }], ["bus"])).toEqual({ bus, isDefault: false });
  });
});
