import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withTemporaryFolder } from "../../../dev/service/packageService.ts";

describe("a temporary folder", () => {
  it("is another one for each run at the same time, and gone after it", async () => {
    const here: string[] = [];
    const run = () =>
      withTemporaryFolder("test", async (folder) => {
        here.push(folder);
        await writeFile(join(folder, "file"), "");
        return existsSync(folder);
      });
    expect(await Promise.all([run(), run()])).toEqual([true, true]);
    expect([new Set(here).size, here.map(existsSync)]).toEqual([2, [false, false]]);
  });

  it("is gone after a failure too, which is passed on", async () => {
    const here: string[] = [];
    const run = withTemporaryFolder("test", async (folder) => {
      here.push(folder);
      throw new Error("interrupted");
    });
    await expect(run).rejects.toThrow("interrupted");
    expect(here.map(existsSync)).toEqual([false]);
  });
});
