import { describe, expect, it, onTestFinished } from "vitest";
import { readJournal } from "../../dev/service/readOutcomes.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { inQuickMotion, withShortLeases } from "./inQuickMotion.ts";
import { adaLeft, deadLetterReasons, publish, startTestStack, stateOf, team } from "./testStack.ts";

describe("a stack in which a part fails", () => {
  it("applies a batch whose worker is killed in the middle of a call, once", async () => {
    const workers = new Map<string, number | undefined>();
    let kills = 0;
    const stack = await startTestStack({
      people: {
        team: [
          { id: "u-ada", email: "ada@example.com" },
          { id: "u-ben", email: "ben@example.com" },
        ],
      },
      adjust: (model) => withShortLeases(inQuickMotion(model)),
      onInvocation: ({ functionName, pid }) => workers.set(functionName, pid),
      faults: ({ operation }) => {
        const pid = workers.get("rollcall-dev-offboard");
        if (operation !== "BatchSuspendUser" || kills > 0 || pid === undefined) return undefined;
        kills += 1;
        process.kill(pid, "SIGKILL");
        return undefined;
      },
    });
    onTestFinished(stack.close);
    await publish(stack, adaLeft, {
      type: "EmployeeLeft",
      id: "ben-left",
      data: { personId: "P-ben", email: "ben@example.com" },
    });
    await waitUntilIdle(stack);
    const mapping = stack.mappings.find(({ queueArn }) => queueArn.endsWith("-offboard"));
    expect({
      kills,
      crashed: mapping?.activity().batchesByReason.crashed,
      states: [stateOf(stack, team, "ada@example.com"), stateOf(stack, team, "ben@example.com")],
      journal: Object.fromEntries(await readJournal(stack)),
      dead: await deadLetterReasons(stack),
    }).toEqual({
      kills: 1,
      crashed: 1,
      states: ["Suspended", "Suspended"],
      journal: { "ada-left": "applied", "ben-left": "applied" },
      dead: [],
    });
  });

  it("finds an event among the dead letters whose queue's policy was forgotten in the template", async () => {
    const stack = await startTestStack({
      adjust: (model) => {
        const queues = model.queues.map(({ policy, ...queue }) =>
          queue.name.endsWith("-offboard") || policy === undefined ? queue : { ...queue, policy },
        );
        return inQuickMotion({ ...model, queues });
      },
    });
    onTestFinished(stack.close);
    await publish(stack, adaLeft);
    await waitUntilIdle(stack);
    const { accepted, delivered, deadLettered } = stack.bus.report();
    expect({ accepted, delivered, deadLettered, dead: await deadLetterReasons(stack) }).toEqual({
      accepted: 1,
      delivered: 0,
      deadLettered: 1,
      dead: ["rollcall-dev-offboard-dlq: Undelivered"],
    });
  });

  it("leaves nothing running when AWS would refuse a part of it", async () => {
    const listening = () =>
      process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length;
    const before = listening();
    const start = startTestStack({
      adjust: (model) => ({
        ...model,
        queues: model.queues.map((queue) => ({ ...queue, visibilityTimeoutSeconds: 5 })),
      }),
    });
    await expect(start).rejects.toThrow(/visibility timeout: 5 seconds is less than Function timeout: 120/);
    expect(listening()).toEqual(before);
  });
});
