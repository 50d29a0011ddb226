import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTakingBus, type TakingBus } from "../takingBus.ts";
import { leaverBody, useDlqBench } from "./dlqBench.ts";

const bench = useDlqBench();
const notFound = { kind: "rejected", code: "UserNotFound", reason: "no such user" } as const;
const signed = ["--because", "the address was wrong", "--by", "eve"];

let bus: TakingBus;
let folder: string;
beforeEach(async () => {
  bus = await startTakingBus();
  folder = await mkdtemp(join(tmpdir(), "rollcall-edit-"));
  await writeFile(join(folder, "policy.yml"), "accounts: [{ id: team, domains: [example.com] }]\n");
});
afterEach(async () => {
  await bus.close();
  await rm(folder, { recursive: true });
});

const edit = (args: readonly string[], env: Record<string, string> = {}) =>
  bench.run(["dlq", "edit", ...args, ...signed, "--bus-endpoint", bus.url], {
    cwd: folder,
    env: { TMPDIR: folder, ...env },
  });

/** An editor that replaces one text by another. */
async function editorThat(replaces: string): Promise<string> {
  const file = join(folder, "editor.sh");
  await writeFile(file, `#!/bin/sh\nsed -i '${replaces}' "$1"\n`);
  await chmod(file, 0o700);
  return file;
}

describe("rollcall dlq edit", () => {
  it("mends, explains, publishes under a new id and discards in one act", async () => {
    await bench.reject("offboard", [leaverBody("hr-1", "P-1", "wrnog@example.com")], notFound);
    const { exitCode, stdout, stderr } = await edit([
      "hr-1",
      "--set",
      "data.email=right@example.com",
      "--yes",
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining("call") });
    expect(stdout).toContain("hr-1-mended");
    expect(await bus.taken()).toEqual([
      {
        metadata: { id: "hr-1-mended", schemaVersion: "1.0", occurredAt: "2026-05-14T17:00:00Z" },
        data: { personId: "P-1", email: "right@example.com" },
      },
    ]);
    expect(await bench.takeDead("offboard")).toEqual([]);
    const [entry] = await bench.journalOf("P-1");
    expect([entry?.eventId, entry?.outcome, entry?.by, entry?.note]).toEqual([
      "hr-1",
      "discarded",
      "eve",
      "the address was wrong",
    ]);
  });

  it("opens an editor with the whole body, and keeps nothing of it afterwards", async () => {
    await bench.reject("offboard", [leaverBody("hr-1", "P-1", "wrnog@example.com")], notFound);
    const editor = await editorThat("s/wrnog@/right@/");
    const { exitCode } = await edit(["hr-1", "--yes"], { EDITOR: editor });
    const taken = (await bus.taken()) as { data: { email: string } }[];
    expect([exitCode, taken.map(({ data }) => data.email)]).toEqual([0, ["right@example.com"]]);
    expect((await readdir(folder)).sort()).toEqual(["editor.sh", "policy.yml"]);
  });

  it("publishes nothing that breaks its schema, and leaves the dead letter where it is", async () => {
    const body = leaverBody("hr-1", "P-1");
    await bench.reject("offboard", [body], notFound);
    const { exitCode, stderr } = await edit(["hr-1", "--set", "data.email=nobody", "--yes"]);
    expect([exitCode, stderr.includes("data.email: expected")]).toEqual([1, true]);
    expect([await bus.taken(), await bench.takeDead("offboard")]).toEqual([[], [body]]);
  });
});

describe("rollcall dlq show --reveal", () => {
  it("shows addresses in full, which are masked otherwise", async () => {
    await bench.reject("offboard", [leaverBody("hr-1", "P-1", "ada@example.com")], notFound);
    const [plain, revealed] = [
      await bench.run(["dlq", "show", "hr-1"]),
      await bench.run(["dlq", "show", "hr-1", "--reveal"]),
    ];
    expect([plain, revealed].map(({ stdout }) => stdout.includes('"email": "ada@example.com"'))).toEqual([
      false,
      true,
    ]);
  });
});
