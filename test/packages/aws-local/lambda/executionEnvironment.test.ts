import { afterEach, describe, expect, it } from "vitest";
import { closeAll, parsed, start } from "./startFixture.ts";

afterEach(closeAll);

describe("execution environments", () => {
  it("serve one invocation after the other in the same warm process", async () => {
    const lambda = start();
    const counts = [await lambda.invoke({ action: "count" }), await lambda.invoke({ action: "count" })].map(
      parsed,
    );
    const [pid] = lambda.environments;
    expect(counts).toEqual([
      { invocations: 1, pid },
      { invocations: 2, pid },
    ]);
  });

  it("serve concurrent invocations in processes of their own, which are kept", async () => {
    const lambda = start();
    const wait = { action: "wait", milliseconds: 300 };
    await Promise.all([lambda.invoke(wait), lambda.invoke(wait), lambda.invoke(wait)]);
    const pids = lambda.environments;
    await Promise.all([lambda.invoke(wait), lambda.invoke(wait), lambda.invoke(wait)]);
    expect([new Set(pids).size, lambda.environments]).toEqual([3, pids]);
  });

  it("are no more than the maximum: further invocations wait for one", async () => {
    const lambda = start({ maximumEnvironments: 2 });
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map(async () => parsed(await lambda.invoke({ action: "wait", milliseconds: 20 }))),
    );
    const used = new Set(answers.map((answer) => JSON.stringify(answer)));
    expect([used.size <= 2, lambda.environments.length <= 2]).toEqual([true, true]);
  });

  it("are killed at the function's timeout, and a fresh one serves the next invocation", async () => {
    const lambda = start({ timeoutSeconds: 2 });
    const { pid } = parsed(await lambda.invoke({ action: "count" })) as { pid: number };
    expect(await lambda.invoke({ action: "hang" })).toEqual({
      kind: "timeout",
      limit: "invocation",
      seconds: 2,
    });
    expect(isAlive(pid)).toBe(false);
    expect(parsed(await lambda.invoke({ action: "count" }))).toEqual({
      invocations: 1,
      pid: lambda.environments[0],
    });
    expect(lambda.environments).not.toContain(pid);
  });

  it.each([
    ["exits", { action: "exit" }, { kind: "crashed", code: 7, signal: null }],
    ["leaves a rejection unhandled", { action: "reject" }, { kind: "crashed", code: 1, signal: null }],
    [
      "uses more memory than it has",
      { action: "eatMemory" },
      { kind: "crashed", code: null, signal: "SIGABRT" },
    ],
  ])("are replaced when the function %s", async (_title, event, crash) => {
    const lambda = start();
    expect(await lambda.invoke(event)).toEqual(crash);
    expect(parsed(await lambda.invoke({ action: "count" }))).toMatchObject({ invocations: 1 });
  });

  it("tell a kill from outside, in the middle of an invocation", async () => {
    const lambda = start();
    await lambda.invoke({ action: "count" });
    const invocation = lambda.invoke({ action: "wait", milliseconds: 60_000 });
    for (const pid of lambda.environments) process.kill(pid, "SIGKILL");
    expect(await invocation).toEqual({ kind: "crashed", code: null, signal: "SIGKILL" });
  });

  it("are gone after close, which ends running invocations and refuses later ones", async () => {
    const lambda = start({ maximumEnvironments: 1 });
    const { pid } = parsed(await lambda.invoke({ action: "count" })) as { pid: number };
    const current = lambda.invoke({ action: "wait", milliseconds: 60_000 });
    await new Promise(setImmediate);
    const waiting = expect(lambda.invoke({ action: "count" })).rejects.toThrow("after it was closed");
    await lambda.close();
    await waiting;
    expect(await current).toEqual({ kind: "crashed", code: null, signal: "SIGKILL" });
    await expect(lambda.invoke({ action: "count" })).rejects.toThrow("after it was closed");
    expect([isAlive(pid), lambda.environments]).toEqual([false, []]);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
