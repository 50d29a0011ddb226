import { describe, expect, it } from "vitest";
import { bodyFault, exceptionFault } from "../../../src/local/chime/faultValues.ts";
import { userError } from "../../../src/local/chime/userFaults.ts";
import { directoryContract } from "../directoryContract.ts";
import { startChimeWorld } from "./chimeWorld.ts";
import { budget, startTeam } from "./testCalls.ts";

directoryContract("the Chime adapter", async (accounts) => {
  const { directory, simulator, close } = await startChimeWorld(accounts, "asDeployed");
  return {
    directory,
    requests: () => simulator.calls.list().length,
    throttleUser: (target) => simulator.faults.add(userError(target, "Throttled")),
    throttleCalls: () => simulator.faults.add(() => exceptionFault("ThrottledClientException")),
    close,
  };
});

describe("what the Chime adapter reads", () => {
  it("is the very user of an address, though the service lists others beside", async () => {
    const { directory, simulator } = await startTeam("one");
    const Users = [
      { UserId: "u-1", PrimaryEmail: "adaline@team.example" },
      { UserId: "u-2", PrimaryEmail: "Ada@team.example" },
    ];
    simulator.faults.add(() => bodyFault(JSON.stringify({ Users })));
    expect((await directory.findUser("team", "ada@team.example", budget))?.userId).toBe("u-2");
  });

  it.each(["{}", '{"Users":[],"NextToken":""}', '{"Users":null,"NextToken":null}'])(
    "is the last page if no token follows: %s",
    async (body) => {
      const { directory, simulator } = await startTeam("one");
      simulator.faults.add(() => bodyFault(body));
      expect(await directory.listUsers("team", undefined, budget)).toEqual({
        users: [],
        nextPageToken: undefined,
      });
    },
  );
});
