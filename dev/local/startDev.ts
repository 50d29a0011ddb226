import { closeSync, createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { collectClosers } from "@rollcall/aws-local/collectClosers";
import { type CommandResult, exitCodes } from "../../src/cli/commandResult.ts";
import type { DevRequest } from "../../src/cli/commands/devCommand.ts";
import { catchInterruption, type Terminal } from "../../src/cli/terminal.ts";
import { type DayProgress, dayProgress } from "../day/dayTerminal.ts";
import { packageOnce } from "../service/packageCache.ts";
import { devActivity } from "./devActivity.ts";
import { bannerLines } from "./devBanner.ts";
import { createNews, startDevConsole } from "./devConsole.ts";
import { workerKiller } from "./devFaults.ts";
import { listenToKeys, openInBrowser } from "./devKeys.ts";
import { describeLosses } from "./devLosses.ts";
import { addressesIn } from "./devPeople.ts";
import { anyPorts, type DevPorts, devPorts, findTakenPort } from "./devPorts.ts";
import { type DevScreen, devScreen } from "./devScreen.ts";
import { type DevSeed, readSeed } from "./devSeed.ts";
import { type DevStack, devParameters, projectPolicy, seededAccounts, startDevStack } from "./devStack.ts";
import { findObstacle, removeStackFile, stackFolder, writeStackFile } from "./stackFile.ts";
import { tryOut } from "./tryOut.ts";
import { watchPolicy } from "./watchPolicy.ts";

/** Keeps the service up until somebody ends it, and leaves nothing running. */
export async function startDev(request: DevRequest, terminal: Terminal): Promise<CommandResult> {
  const { anyPort = false } = request;
  const seed = await readSeed(request.seed, seededAccounts);
  if (seed.kind === "unreadable") return { kind: "misused", message: seed.message };
  const folder = stackFolder();
  const ports = anyPort ? anyPorts : devPorts;
  const obstacle = findObstacle(folder) ?? (await describeTakenPort(ports));
  if (obstacle !== undefined) return { kind: "failed", message: obstacle };
  const progress = dayProgress(terminal.stderr, Date.now);
  const ending = catchEnding(progress, terminal);
  try {
    await keepUp({ ...request, seed, folder, ports }, { terminal, progress, ending });
    return { kind: "done", exitCode: ending.exitCode() ?? exitCodes.done };
  } catch (error) {
    progress.clear();
    const exitCode = ending.exitCode();
    if (exitCode !== undefined) return { kind: "done", exitCode };
    const message = explainFullDisk(error);
    if (message !== undefined) return { kind: "failed", message };
    throw error;
  } finally {
    if (ending.exitCode() === codes.hangUp) letGoOfTerminal();
    ending.dispose();
  }
}

interface Ending {
  signal: AbortSignal;
  /** Of a signal, or of Ctrl-C; `undefined` where it was ended with q. */
  exitCode: () => number | undefined;
  end: (by: "q" | "ctrlC" | "hangUp") => void;
  dispose: () => void;
}

/** A terminal in raw mode sends Ctrl-C as a key, and no signal. */
function catchEnding(progress: DayProgress, { stderr }: Terminal): Ending {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const stop = (code: number | undefined) => {
    if (controller.signal.aborted) return;
    exitCode = code;
    progress.clear();
    stderr.write("Stopping.\n");
    controller.abort("ended");
  };
  const interruption = catchInterruption(
    () => stop(interruption.exitCode()),
    ["SIGINT", "SIGTERM", "SIGHUP"],
  );
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    end: (by) => stop(codes[by]),
    dispose: interruption.dispose,
  };
}

const codes = { q: undefined, ctrlC: exitCodes.ofSignals + 2, hangUp: exitCodes.ofSignals + 1 } as const;

/** Node gives a terminal its mode back as it ends, and aborts where the terminal is gone. It leaves closed files alone. */
function letGoOfTerminal(): void {
  for (const file of [0, 1, 2]) {
    try {
      closeSync(file);
    } catch {
      // It is closed already.
    }
  }
}

interface Surroundings {
  terminal: Terminal;
  progress: DayProgress;
  ending: Ending;
}

interface KeepUpRequest extends Omit<DevRequest, "seed"> {
  seed: DevSeed;
  folder: string;
  ports: DevPorts;
}

async function keepUp(request: KeepUpRequest, surroundings: Surroundings): Promise<void> {
  const { folder, ports, seed, stream } = request;
  const { terminal, progress, ending } = surroundings;
  const { signal } = ending;
  progress.stage("packaging the service as it would be deployed (kept for the next start)");
  const { directory } = await packageOnce({ signal, stage: "local", parameters: devParameters });
  signal.throwIfAborted();
  progress.stage("starting the embedded stack on 127.0.0.1");
  let started: DevStack | undefined;
  const now = () => started?.clock.now() ?? Date.now();
  const screen = devScreen(terminal, progress, now);
  const stateFolder = join(folder, ".rollcall");
  const log = await openLog(stateFolder, screen);
  const activity = devActivity(screen, log.file);
  const news = createNews();
  const killer = workerKiller(() => started, screen.say);
  const stack = await startDevStack({
    packageDirectory: directory,
    ports,
    seed,
    stateFolder,
    onLog: (line) => {
      log.write(line);
      if (!signal.aborted) activity.onLog(line);
      news.tell();
    },
    onBatch: (batch) => {
      if (!signal.aborted) activity.onBatch(batch);
    },
    onInvocation: killer.onInvocation,
    onProblem: (problem) => screen.say(problem, { style: "yellow" }),
  });
  started = stack;
  activity.follow(stack);
  const closers = collectClosers();
  closers.add(async () => log.close());
  closers.add(stack.close);
  closers.add(() => removeStackFile(folder));
  try {
    const webConsole = await startDevConsole(stack, { port: ports.console, news });
    closers.add(webConsole.close);
    const people = join(stateFolder, "people.json");
    await writeFile(people, JSON.stringify(addressesIn(stack)), { mode: 0o600 });
    const announce = () => writeStackFile(folder, toStackFile(stack, webConsole.url, people));
    await announce();
    const trial = tryOut(stack, { screen, killer, onLeap: announce });
    const keys = [
      ...trial.keys,
      {
        key: "o",
        name: "console",
        press: () => {
          openInBrowser(webConsole.url);
          return ["the console is opened in the browser"];
        },
      },
    ];
    // Since the command was started, not since this was loaded.
    const seconds = performance.now() / 1000;
    screen.show(bannerLines({ stack, seconds, console: webConsole.url, keys, logFile: log.file }, terminal));
    const stopWatching = watchPolicy(projectPolicy, stack, screen);
    const release = listenToKeys(terminal.stdin, screen, {
      keys,
      onFile: trial.storeRoster,
      onEnd: ending.end,
    });
    if (stream !== undefined) trial.stream(stream);
    try {
      await aborted(signal);
    } finally {
      release();
      stopWatching();
      trial.stop();
    }
    screen.show([await losses(stack)]);
  } finally {
    await closers.closeAll();
  }
}

function toStackFile(stack: DevStack, consoleUrl: string, people: string) {
  const { endpoints, clock, policyFile, webhooksUrl } = stack;
  return {
    pid: process.pid,
    startedAt: startedAtText,
    endpoints,
    aheadMilliseconds: clock.leaptHours() * 3_600_000,
    policy: policyFile,
    webhooks: webhooksUrl,
    console: consoleUrl,
    people,
  };
}

const startedAtText = new Date().toISOString();

/** To know what is lost is not worth waiting for long. */
async function losses(stack: DevStack): Promise<string> {
  const late = new Promise<string>((resolve) => {
    setTimeout(() => resolve("All that it held is gone."), 3000).unref();
  });
  return Promise.race([describeLosses(stack).catch(() => "All that it held is gone."), late]);
}

async function describeTakenPort(ports: DevPorts): Promise<string | undefined> {
  const port = await findTakenPort(ports);
  return port === undefined
    ? undefined
    : `another program uses the port ${port} of 127.0.0.1, perhaps another rollcall dev: end it, or add --any-port to take free ports`;
}

interface DevLog {
  file: string;
  write: (line: object) => void;
  close: () => void;
}

/** Keeps the lines of the functions for whoever looks for more than the screen tells. Without it everything else works. */
async function openLog(folder: string, { say }: DevScreen): Promise<DevLog> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "dev.log");
  const stream = createWriteStream(file, { mode: 0o600 });
  let isLost = false;
  stream.on("error", (error) => {
    if (!isLost) say(`the functions' log is not kept: ${error.message}`, { style: "yellow" });
    isLost = true;
  });
  return {
    file,
    write: (line) => {
      if (!isLost) stream.write(`${JSON.stringify({ at: new Date(), ...line })}\n`);
    },
    close: () => stream.end(),
  };
}

/** Says what to do where the disk is full; `undefined` for any other failure. */
function explainFullDisk(error: unknown): string | undefined {
  const text = error instanceof Error ? `${"code" in error ? error.code : ""} ${error.message}` : "";
  return /ENOSPC|EDQUOT/.test(text)
    ? `the disk is full: ${text.slice(0, 300)}. Free some space (the folder .rollcall/cache may go, and temporary files), and start again; nothing is left running`
    : undefined;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
