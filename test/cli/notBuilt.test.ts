import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("the command says how to build it where it has not been built", async () => {
  const project = await mkdtemp(join(tmpdir(), "rollcall-not-built-"));
  try {
    await mkdir(join(project, "bin"));
    await writeFile(join(project, "package.json"), '{ "type": "module" }');
    await copyFile("bin/rollcall.js", join(project, "bin/rollcall.js"));
    await expect(
      promisify(execFile)(process.execPath, [join(project, "bin/rollcall.js")]),
    ).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr: "error: the command has not been built.\nnpm ci builds it, and so does npm run build.\n",
    });
  } finally {
    await rm(project, { recursive: true });
  }
});
