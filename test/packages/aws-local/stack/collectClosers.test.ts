import { describe, expect, it } from "vitest";
import { collectClosers } from "../../../../packages/aws-local/stack/collectClosers.ts";

describe("collected closers", () => {
  it("close what was started last first, and only once", async () => {
    const closed: string[] = [];
    const closers = collectClosers();
    for (const name of ["first", "second", "third"]) closers.add(async () => void closed.push(name));
    await closers.closeAll();
    await closers.closeAll();
    expect(closed).toEqual(["third", "second", "first"]);
  });

  it("close everything even if some of it fails, and then say what failed", async () => {
    const closed: string[] = [];
    const closers = collectClosers();
    closers.add(async () => void closed.push("first"));
    closers.add(() => Promise.reject(new Error("stuck")));
    closers.add(async () => void closed.push("last"));
    await expect(closers.closeAll()).rejects.toMatchObject({ errors: [new Error("stuck")] });
    expect(closed).toEqual(["last", "first"]);
  });
});
