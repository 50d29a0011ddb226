import { afterEach, describe, expect, it } from "vitest";
import { DirectoryError } from "../../../src/directory/failure.ts";
import { exceptionFault } from "../../../src/local/chime/faultValues.ts";
import { type ChimeWorld, startChimeWorld } from "./chimeWorld.ts";

const ada = { userId: "ada", email: "ada@team.example", status: "registered", licenseType: "Basic" } as const;
const budget = { milliseconds: 5_000 };

let world: ChimeWorld;
afterEach(() => world.close());

async function start() {
  world = await startChimeWorld([{ accountId: "team", type: "Team", users: [ada] }], "one");
  return (operation: "signOut" | "resetPin") =>
    world.directory.perform({ operation, accountId: "team", entries: [{ target: "ada" }] }, budget);
}

describe("a call about one user", () => {
  it("signs the user out, and replaces the PIN without a word about the new one", async () => {
    const perform = await start();
    const before = world.simulator.directory.user("team", "ada");
    const answers = [await perform("signOut"), await perform("resetPin")];
    const after = world.simulator.directory.user("team", "ada");
    expect([before?.signedIn, after?.signedIn, after?.personalPin === before?.personalPin]).toEqual([
      true,
      false,
      false,
    ]);
    const told = JSON.stringify(answers.map(({ requestId, results }) => [requestId, [...results]]));
    expect(told).not.toContain(after?.personalPin);
    expect(answers.map(({ results }) => [...results])).toEqual([
      [["ada", { kind: "done" }]],
      [["ada", { kind: "done" }]],
    ]);
  });

  it.each([
    ["NotFoundException", "of the user: noSuchUser"],
    ["BadRequestException", "of the user: permanent"],
    ["UnprocessableEntityException", "of the user: permanent"],
    ["UnauthorizedClientException", "of the call: configuration"],
    ["ForbiddenException", "of the call: configuration"],
    ["ThrottledClientException", "of the call: throttled"],
    ["ServiceFailureException", "of the call: transient"],
    ["ServiceUnavailableException", "of the call: transient"],
  ] as const)("that is refused with %s has failed, and it is a failure %s", async (name, expected) => {
    const perform = await start();
    world.simulator.faults.add(() => exceptionFault(name));
    expect(await failureOf(perform("signOut"))).toBe(expected);
    expect(await failureOf(perform("resetPin"))).toBe(expected);
  });
});

async function failureOf(call: ReturnType<ChimeWorld["directory"]["perform"]>): Promise<string> {
  try {
    const result = (await call).results.get("ada");
    return result?.kind === "failed" ? `of the user: ${result.failure.class}` : "none";
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return `of the call: ${error.failure.class}`;
  }
}
