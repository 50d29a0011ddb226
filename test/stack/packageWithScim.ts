import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { packageService } from "../../dev/service/packageService.ts";

/**
 * Packages the service with its code for SCIM services, before the tests of a file: the package that all files share has none, as
 * `policy.yml` has no account of one. Returns the folder, once the tests run.
 */
export function packageWithScim(): () => string {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rollcall-scim-"));
    await packageService(folder, { parameters: { scim: "true" } });
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}
