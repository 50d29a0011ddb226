import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { BusFaults } from "../../../packages/aws-local/eventbridge/eventModel.ts";
import { leaver } from "../../events/eventLines.ts";
import { runRollcall, withoutTarget } from "../runRollcall.ts";
import { startTakingBus, type TakingBus } from "../takingBus.ts";

/** For each test an empty folder to work in and a bus to publish to. */
export function usePublishBench() {
  let folder = "";
  let bus: TakingBus;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "rollcall-publish-"));
    bus = await startTakingBus();
  });
  afterEach(async () => {
    await bus.close();
    await rm(folder, { recursive: true });
  });
  return {
    folder: () => folder,
    bus: () => bus,
    /** Starts the bus anew, with faults. */
    async useFaults(faults: BusFaults) {
      await bus.close();
      bus = await startTakingBus(faults);
    },
    write: (name: string, content: string | Buffer) => writeFile(join(folder, name), content),
    read: (name: string) => readFile(join(folder, name)),
    files: () => readdir(folder),
    /** Runs `rollcall publish` in the folder. */
    publish: async (args: readonly string[], stdin: string | Buffer = "") =>
      withoutTarget(await runRollcall(["publish", ...args, "--endpoint", bus.url], { cwd: folder, stdin })),
  };
}

export const leaverIds = (count: number) =>
  Array.from({ length: count }, (_, index) => `e${String(index).padStart(4, "0")}`);

export const leaverLines = (count: number) =>
  leaverIds(count)
    .map((id) => `${leaver(id)}\n`)
    .join("");

export const withoutTime = (text: string) => text.replace(/in [\d.]+ s/, "in 1 s");
