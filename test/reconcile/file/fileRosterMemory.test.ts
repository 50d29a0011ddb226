import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { fileRosterMemory } from "../../../src/reconcile/file/fileRosterMemory.ts";
import { rosterMemoryContract } from "../rosterMemoryContract.ts";

rosterMemoryContract("the memory of the last roster in a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-memory-"));
  return {
    memory: fileRosterMemory(join(folder, "memory.json")),
    close: () => rm(folder, { recursive: true }),
  };
});

it("a file that is no memory of a roster stops, rather than let a shrunken roster pass", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-memory-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "memory.json");
  await writeFile(path, '{"present": -1}');
  await expect(fileRosterMemory(path).recall()).rejects.toThrow("to be the memory of the last roster");
});
