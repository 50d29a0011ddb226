import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

const script = fileURLToPath(new URL("../bin/build.js", import.meta.url));

/** Builds the command, so that no test runs one that was built before somebody's last change. */
export async function setup(project: TestProject): Promise<void> {
  const build = async () => void (await promisify(execFile)(process.execPath, [script]));
  await build();
  project.onTestsRerun(build);
}
