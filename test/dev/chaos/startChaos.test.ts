import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseChaosArguments } from "../../../dev/chaos/startChaos.ts";

const bin = fileURLToPath(new URL("../../../bin/chaos.js", import.meta.url));

/** Runs the command with arguments that start no run. */
async function start(...args: string[]) {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { stdout, stderr, exitCode };
}

describe("the arguments of a chaos run", () => {
  it("have defaults", () => {
    const defaults = { kind: "run", events: 20_000, seed: 7, limit: 900, scim: true };
    expect(parseChaosArguments([], process)).toEqual(defaults);
  });

  it("are numbers, a file, a folder and the output format", () => {
    const run = ["--events", "500", "--seed", "11", "--limit", "60"];
    const args = [...run, "--logs", "a.log", "--previous", "before", "--json"];
    expect(parseChaosArguments(args, process)).toEqual({
      kind: "run",
      events: 500,
      seed: 11,
      limit: 60,
      logs: "a.log",
      previous: "before",
      scim: false,
      json: true,
    });
  });

  it("leave everybody at Amazon Chime by --no-scim, and beside a release that may know no SCIM", () => {
    const scimOf = (...args: string[]) => parseChaosArguments(args, process);
    expect([scimOf("--no-scim"), scimOf("--previous", "before")]).toEqual([
      expect.objectContaining({ kind: "run", scim: false }),
      expect.objectContaining({ kind: "run", scim: false }),
    ]);
  });

  it.each([["--events", "0"], ["--seed", "1.5"], ["--limit", "soon"], ["--unknown"]])(
    "are refused with an error: %s %s",
    async (...args) => {
      expect(await start(...args)).toEqual({
        stdout: "",
        stderr: expect.stringMatching(/^error: /),
        exitCode: 2,
      });
    },
  );

  it("are explained by --help", async () => {
    const { stdout, stderr, exitCode } = await start("--help");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).toContain("npm run chaos -- --events 2000 --seed 11");
  });
});
