import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runRollcall } from "../../cli/runRollcall.ts";
import { root, wordsOf } from "../../docs/documents.ts";
import { openTerminal, type PseudoTerminal, tooLongFor } from "./pseudoTerminal.ts";

/** A folder of its own, so that the stacks of two tests do not see each other. */
async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-tour-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function startDev(cwd: string, columns: number): Promise<PseudoTerminal> {
  const terminal = openTerminal(["dev", "--any-port"], { cwd, columns });
  onTestFinished(() => terminal.close());
  await terminal.shows(/quit\n/);
  return terminal;
}

const stackFile = (cwd: string) => join(cwd, ".rollcall", "dev.json");

const json = async (cwd: string, ...args: string[]) => {
  const { exitCode, stdout, stderr } = await runRollcall([...args, "--stage", "local", "--json"], { cwd });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout);
};

/** The commands of the README's tour of `rollcall dev`, as they are printed. */
const tour = [
  ...readFileSync(join(root, "README.md"), "utf8").matchAll(/^npx rollcall (.*--stage local\S*.*)$/gm),
].map(([, command = ""]) => wordsOf(command.replace(/ +#.*$/, "")));

/** Walks through the tour in a terminal, and returns what each command ended with and the lines that it was too narrow for. */
async function walk(cwd: string, columns: number) {
  const walked = [];
  for (const args of tour) {
    const command = openTerminal(args, { cwd, columns });
    walked.push({ args, exitCode: await command.ended, tooLong: tooLongFor(columns, command.text()) });
  }
  return walked;
}

const asPrinted = tour.map((args) => ({ args, exitCode: 0, tooLong: [] }));

const ended = (step: string) => expect.stringMatching(new RegExp(`^${step}\n`));

const eventLine = (personId: string, id: string) =>
  JSON.stringify({
    "detail-type": "EmployeeLeft",
    detail: {
      metadata: { id, schemaVersion: "1.0", occurredAt: new Date().toISOString() },
      data: { personId, email: `${personId.replace("P-T", "person")}@example.com` },
    },
  });

/** The processes that a stack has started and that still run, by the folder that their environment names. */
function runningBelow(pid: number): string[] {
  const { stdout } = spawnSync("ps", ["-e", "-o", "ppid=,pid=,args="], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => Number.parseInt(line, 10) === pid);
}

it("a mass leave by one key is held, three of a list are let go, and the history tells each step", async () => {
  const cwd = await emptyFolder();
  const terminal = await startDev(cwd, 80);
  const { pid } = JSON.parse(await readFile(stackFile(cwd), "utf8"));
  expect((await stat(stackFile(cwd))).mode & 0o777).toBe(0o600);

  const second = await runRollcall(["dev", "--any-port"], { cwd });
  expect(second).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/rollcall dev is up already \(process \d+.*--stage local/),
  });

  expect(tour.map(([command]) => command)).toEqual(["trigger", "history", "status", "held"]);
  // What is about different people goes on at once.
  const help = openTerminal(["dev", "--help"], { cwd, columns: 80 });
  const lines = ["P-T0050", "P-T0051"].map((personId, index) => eventLine(personId, `tour-${index}`));
  await writeFile(join(cwd, "two.jsonl"), lines.join("\n"));
  const [walked, triggered, published] = await Promise.all([
    walk(cwd, 80),
    // By the one half of a person's names, as the banner says; by both of somebody whom nobody knows; and for a day to come.
    Promise.all(
      [
        ["--person", "P-T0041"],
        ["--person", "P-X", "--set", "data.email=nobody@example.com"],
        ["--person", "P-T0043", "--set", "data.effectiveAt=2999-12-31T00:00:00Z"],
        ["--set", "data.personId=N/A"],
      ].map((args) => runRollcall(["trigger", "left", ...args, "--stage", "local", "--wait"], { cwd })),
    ),
    runRollcall(["publish", "two.jsonl", "--stage", "local", "--wait", "--json"], { cwd }),
    help.ended,
  ]);
  expect(walked).toEqual(asPrinted);
  expect(tooLongFor(80, help.text())).toEqual([]);
  expect(
    triggered.map(({ exitCode, stdout }) => [exitCode, stdout.split(/\d\d:\d\d:\d\d {2}/).slice(1)]),
  ).toEqual([
    [0, [ended("received"), ended("applied")]],
    [1, [ended("received"), ended("rejected: UserNotFound")]],
    [5, [ended("received"), ended("deferred: its day is to come")]],
    [2, []],
  ]);
  expect({ exitCode: published.exitCode, waited: JSON.parse(published.stdout).waited }).toMatchObject({
    exitCode: 0,
    waited: { standing: "done", outcomes: { applied: 2 }, unsettled: [] },
  });

  terminal.type("m");
  await terminal.shows(/LATCH of team-0001 closed/);
  // How many passed before depends on how the queue's batches were cut.
  await expect
    .poll(async () => (await json(cwd, "held", "list")).held.length, { interval: 1000 })
    .toBeGreaterThan(100);
  const { held } = await json(cwd, "held", "list");
  const three = held.slice(0, 3);
  const ids = three.map(({ personId }: { personId: string }) => personId);
  await writeFile(join(cwd, "three.txt"), ids.join("\n"));
  await json(cwd, "held", "release", "--people", "three.txt", "--because", "HR confirms it", "--yes");
  // The latest one: an earlier leave of a day to come goes on waiting beside it.
  const steps = async ({ personId }: { personId: string }) => {
    const { people } = await json(cwd, "history", personId);
    return people[0].decisions.at(-1).trail.map(({ step }: { step: string }) => step);
  };
  for (const person of three)
    await expect
      .poll(() => steps(person), { interval: 1000 })
      .toEqual(["received", "held", "released", "received", "applied"]);

  const commands = [
    ["status"],
    ["held", "list"],
    ["history", three[0].personId],
    ["safeguard", "status"],
    ["recent"],
  ].map((args) => openTerminal([...args, "--stage", "local"], { cwd, columns: 80 }));
  await Promise.all(commands.map((command) => command.ended));
  const shown = [terminal, ...commands].map((each) => each.text());
  expect(shown.flatMap((text) => tooLongFor(80, text))).toEqual([]);

  terminal.type("q");
  expect(await terminal.ended).toBe(0);
  expect(terminal.text()).toMatch(/Gone with it: \d+ people held by the safeguard/);
  expect({ file: existsSync(stackFile(cwd)), running: runningBelow(pid) }).toEqual({
    file: false,
    running: [],
  });
});

it("webhooks, a roster and a later day come by a key, and a terminal that is closed ends everything", async () => {
  const cwd = await emptyFolder();
  const terminal = await startDev(cwd, 120);
  expect(tooLongFor(120, terminal.text())).toEqual([]);
  const { pid } = JSON.parse(await readFile(stackFile(cwd), "utf8"));

  terminal.type("w");
  for (const vendor of ["bamboohr", "hibob", "gusto"])
    await terminal.shows(new RegExp(`webhook of ${vendor}: \\S+ loses somebody, answered with 200`));
  await terminal.shows(/Okta's log stream/);
  terminal.type("r");
  await terminal.shows(/roster compared; changes: .*leaver/);
  terminal.type("+");
  await terminal.shows(/it is \d{4}-\d\d-\d\d now, 1 day later/);
  expect(tooLongFor(120, terminal.text())).toEqual([]);
  expect(await walk(cwd, 120)).toEqual(asPrinted);

  terminal.close();
  await expect.poll(() => existsSync(stackFile(cwd))).toBe(false);
  await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
  expect(runningBelow(pid)).toEqual([]);
});
