import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { packageService } from "../dev/service/packageService.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder with the packaged service: `inject("packagedService")`. */
    packagedService: string;
  }
}

/** What is off unless it is asked for, so that every resource and function is looked at. */
export const everythingOn = {
  webhooks: "true",
  oktaBusName: "aws.partner/okta.com/acme/stream1",
  rosterBucket: "acme-hr",
  rosterKey: "exports/workers.csv",
  rosterSync: "true",
};

/** Packages the service once for all test files of a run: it takes seconds, and every file wants the same. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-packaged-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await packageService(folder, { parameters: everythingOn });
  } catch (error) {
    await remove();
    throw error;
  }
  project.provide("packagedService", folder);
  return remove;
}
