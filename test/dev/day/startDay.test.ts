import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../../../bin/start.js", import.meta.url));

describe("npm start", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rollcall-start-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const dayFile = async (...lines: string[]) => {
    const file = join(folder, "day.jsonl");
    await writeFile(file, `${lines.join("\n")}\n`);
    return file;
  };

  /** Runs the command with a temporary folder of its own. `until` sends SIGINT when stderr says that word. */
  async function start(args: readonly string[], until?: string) {
    const temporary = await mkdtemp(join(folder, "tmp-"));
    const env = { PATH: process.env.PATH ?? "", TMPDIR: temporary };
    const child = spawn(process.execPath, [bin, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    if (until !== undefined) {
      child.stderr.on("data", (chunk) => {
        if (String(chunk).includes(until)) child.kill("SIGINT");
      });
    }
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    const left = (await readdir(temporary)).filter((name) => name.startsWith("rollcall-"));
    return { exitCode, stdout, stderr: stderr.split("\n").filter((line) => line !== ""), left };
  }

  const stages = [
    "packaging the service as it would be deployed",
    "starting the embedded stack on 127.0.0.1",
    "publishing the events",
    "processing the queues, which gather events for up to 30 s",
    "reading the outcomes of the events",
  ];
  const interrupted = "Interrupted: stopping the embedded stack.";
  const leaver = JSON.stringify({
    "detail-type": "EmployeeLeft",
    detail: {
      metadata: { id: "left", schemaVersion: "1.0", occurredAt: "2026-05-14T08:00:00Z" },
      data: { personId: "P-T0100", email: "person0100@example.com" },
    },
  });

  it("packages the service, runs the day and prints one JSON object, and one line per stage on stderr", async () => {
    const file = await dayFile(leaver, "no event");
    const { stdout, ...end } = await start(["--json", "--events", file]);
    const { events, outcomes, calls, deadLetters, lost, seconds } = JSON.parse(stdout);
    expect({ ...end, events, outcomes, calls, deadLetters, lost }).toEqual({
      exitCode: 0,
      stderr: stages,
      left: [],
      events: { published: 1, malformed: 0, followUps: 0, refused: 1 },
      outcomes: { applied: 1 },
      calls: [
        {
          directory: "Amazon Chime",
          operations: expect.objectContaining({ BatchSuspendUser: { calls: 1, users: 1 } }),
        },
        { directory: "SCIM targets", operations: {} },
      ],
      deadLetters: [],
      lost: 0,
    });
    expect({ isTimed: seconds > 5, lines: stdout.split("\n").length }).toEqual({ isTimed: true, lines: 2 });
  });

  it("plans what a roster would change in the accounts of the simulator", async () => {
    const roster = fileURLToPath(new URL("../../../events/sample-roster.csv", import.meta.url));
    const { stdout, ...end } = await start(["--json", "--roster", roster]);
    const { roster: people, calls, findings } = JSON.parse(stdout);
    expect({ ...end, people, calls, findings: findings.length }).toEqual({
      exitCode: 0,
      stderr: [],
      left: [],
      people: { people: 2028, present: 1949, left: 79, later: 0, withoutAddress: 0 },
      calls: [
        { accountId: "team-0001", operation: "suspend", calls: 1, users: 12 },
        { accountId: "lwa-0001", operation: "suspend", calls: 1, users: 8 },
        { accountId: "team-0001", operation: "create", calls: 2, users: 10 },
        { accountId: "lwa-0001", operation: "unsuspend", calls: 1, users: 4 },
        { accountId: "team-0001", operation: "setLicense", calls: 1, users: 14 },
        { accountId: "lwa-0001", operation: "setLicense", calls: 1, users: 2 },
      ],
      findings: 6,
    });
  });

  it.each([
    ["packages", "packaging", stages.slice(0, 1)],
    ["processes the queues", "processing", stages.slice(0, 4)],
    // Its queue gathers for some seconds, so the signal comes in time.
  ])("ends by SIGINT while it %s, and leaves nothing behind", async (_, until, reached) => {
    expect(await start(["--events", await dayFile(leaver)], until)).toEqual({
      exitCode: 130,
      stdout: "",
      stderr: [...reached, interrupted],
      left: [],
    });
  });

  it.each<[string, string[], string]>([
    [
      "a file that is not there",
      ["--events", "nowhere.jsonl"],
      "error: cannot read nowhere.jsonl: no such file or directory",
    ],
    ["a folder", ["--events", "/"], "error: / is a folder; name a file of JSON lines"],
    ["an unknown option", ["--evnets", "x"], "error: unknown option '--evnets'"],
    ["an argument too many", ["day.jsonl"], "error: too many arguments. Expected 0 arguments but got 1."],
  ])("refuses %s before it does anything", async (_, args, error) => {
    const { exitCode, stdout, stderr } = await start(args);
    expect({ exitCode, stdout, stderr: stderr[0] }).toEqual({ exitCode: 2, stdout: "", stderr: error });
  });

  it("fails for a file that holds no event at all", async () => {
    const { exitCode, stderr } = await start(["--events", await dayFile("# A heading", "", "Some words.")]);
    expect([exitCode, stderr.at(-1)]).toEqual([
      2,
      expect.stringMatching(/^error: \S+day\.jsonl has no event: .*NotJson.*line 1/),
    ]);
  });

  it("explains itself", async () => {
    const { exitCode, stdout, stderr } = await start(["--help"]);
    const options = stdout.match(/^ {2}(-h, )?--\w+/gm)?.map((option) => option.trim());
    expect({ exitCode, stderr, options }).toEqual({
      exitCode: 0,
      stderr: [],
      options: ["--events", "--roster", "--json", "-h, --help"],
    });
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});
