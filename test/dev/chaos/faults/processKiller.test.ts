import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import {
  changes,
  type PlannedKill,
  plannedKill,
  processKiller,
} from "../../../../dev/chaos/faults/processKiller.ts";
import type { Invocation } from "../../../../packages/aws-local/lambda/invocation.ts";

const functionName = "rollcall-dev-offboard";
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** A process that does not end by itself. */
function startTarget(): { pid: number; signal: Promise<unknown> } {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  children.push(child);
  return { pid: child.pid ?? 0, signal: once(child, "exit").then(([, signal]) => signal) };
}

/** A seed by which the first invocation is killed in that way. */
function seedWith(isWanted: (planned: PlannedKill) => boolean): number {
  for (let seed = 1; ; seed += 1) {
    const planned = plannedKill(seed, functionName, 1);
    if (planned !== undefined && isWanted(planned)) return seed;
  }
}

const never = new Promise<Invocation>(() => undefined);
const call = { change: "suspend" } as const;
const atOnce = seedWith(({ kind, milliseconds }) => kind === "afterStart" && milliseconds < 50);
const atTheCall = seedWith(
  (planned) => planned.kind === "afterCall" && planned.nth === 1 && planned.milliseconds < 50,
);

describe("the process killer", () => {
  it("kills the process of an invocation after the planned time, and records it", async () => {
    const { pid, signal } = startTarget();
    const { onInvocation, kills } = processKiller(atOnce);
    onInvocation({ functionName, pid, environment: 1, payload: {}, ended: never });
    expect(await signal).toBe("SIGKILL");
    expect(kills).toEqual([{ functionName, startedAt: expect.any(Number), killedAt: expect.any(Number) }]);
  });

  it("kills it when its call reaches a directory, and at no other call", async () => {
    const { pid, signal } = startTarget();
    const { onInvocation, onCall, kills } = processKiller(atTheCall);
    onInvocation({ functionName, pid, environment: 1, payload: {}, ended: never });
    for (const other of [{}, { change: "letIn" } as const]) onCall(other);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = kills.length;
    onCall(call);
    expect({ before, signal: await signal, after: kills.length }).toEqual({
      before: 0,
      signal: "SIGKILL",
      after: 1,
    });
  });

  it("kills no invocation that has ended", async () => {
    const { pid } = startTarget();
    const { onInvocation, onCall, kills } = processKiller(atTheCall);
    onInvocation({
      functionName,
      pid,
      environment: 1,
      payload: {},
      ended: Promise.resolve({ kind: "timeout", limit: "invocation", seconds: 1 }),
    });
    await Promise.resolve();
    onCall(call);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect({ kills, isAlive: process.kill(pid, 0) }).toEqual({ kills: [], isAlive: true });
  });

  it("ignores a process that has ended by itself", async () => {
    const { pid, signal } = startTarget();
    process.kill(pid, "SIGKILL");
    await signal;
    const { onInvocation, kills } = processKiller(atOnce);
    onInvocation({ functionName, pid, environment: 1, payload: {}, ended: never });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(kills).toEqual([]);
  });
});

describe("the calls by which a function changes the directory", () => {
  it.each([
    ["rollcall-dev-offboard", "suspend", true],
    ["rollcall-dev-onboard", "letIn", true],
    ["rollcall-dev-reinstate", "letIn", true],
    ["rollcall-dev-offboard", "letIn", false],
    ["rollcall-dev-relicense", undefined, false],
    ["rollcall-dev-publishDue", "letIn", false],
  ] as const)("%s by %s: %s", (name, change, expected) => {
    expect(changes(name, change)).toBe(expected);
  });
});
