import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { deadlyEnvironment } from "../../../dev/chaos/deadLetterEvents.ts";
import { startRunClock } from "../../../dev/chaos/runClock.ts";

/** Runs a program in a process of its own, as the functions are. */
async function run(program: string, environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ["-e", program], {
    env: { ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [stdout, [code, signal]] = await Promise.all([text(child.stdout), once(child, "close")]);
  return { stdout, code, signal };
}

const hour = 3_600_000;
const isNear = (time: number, other: number) => Math.abs(time - other) < 60_000;

describe("the clock of a run", () => {
  it("is the system's, until it leaps", async () => {
    const clock = await startRunClock();
    onTestFinished(clock.close);
    const before = isNear(clock.now(), Date.now());
    clock.leap(13);
    clock.leap(25);
    expect([before, clock.leaptHours(), isNear(clock.now(), Date.now() + 38 * hour)]).toEqual([
      true,
      38,
      true,
    ]);
  });

  it("is that of the functions' processes too, also of those that run already, for every way to ask for the time", async () => {
    const clock = await startRunClock();
    onTestFinished(clock.close);
    const program = `
      const ask = () => [Date.now(), new Date().getTime(), new Date(0).getTime(), new Date() instanceof Date];
      console.log(JSON.stringify(ask()));
      process.stdin.resume().once("data", () => { console.log(JSON.stringify(ask())); process.exit(); });`;
    const child = spawn(process.execPath, ["-e", program], {
      env: { ...clock.environment },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const output = text(child.stdout);
    await once(child.stdout, "data");
    clock.leap(13);
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.stdin.end("now");
    const [first, second] = (await output)
      .trim()
      .split("\n")
      .map((line): unknown[] => JSON.parse(line));
    const seen = [first, second].map(([now, made, epoch, isDate] = [], index) => [
      isNear(Number(now), Date.now() + index * 13 * hour),
      isNear(Number(made), Date.now() + index * 13 * hour),
      epoch,
      isDate,
    ]);
    expect(seen).toEqual([
      [true, true, 0, true],
      [true, true, 0, true],
    ]);
  });
});

describe("a deadly record", () => {
  const parsing = (value: object) =>
    `JSON.parse(${JSON.stringify(JSON.stringify(value))}); console.log("alive")`;

  it("kills the process that parses it, and no other", async () => {
    const clock = await startRunClock();
    onTestFinished(clock.close);
    const environment = { ...clock.environment, ...deadlyEnvironment(7) };
    const id = "chaos-7-deadly-1";
    expect([
      await run(parsing({ detail: { metadata: { id } } }), environment),
      await run(parsing({ detail: { metadata: { id: "chaos-7-1" } } }), environment),
    ]).toEqual([
      { stdout: "", code: null, signal: "SIGKILL" },
      { stdout: "alive\n", code: 0, signal: null },
    ]);
  });
});
