import { describe, expect, it } from "vitest";
import { attempt, DirectoryError, outOfTime } from "../../src/directory/directory.ts";
import { aFailure } from "../provisioning/samples.ts";

const time = { milliseconds: 1234 };

describe("attempt", () => {
  it("hands the call the time that it may take, and its value back", async () => {
    expect(
      await attempt(
        () => time,
        async (given) => given,
      ),
    ).toEqual({ kind: "found", value: time });
  });

  it("does not start a call for which there is no time", async () => {
    let started = false;
    const answer = await attempt(
      () => undefined,
      async () => {
        started = true;
      },
    );
    expect([answer, started]).toEqual([{ kind: "failed", failure: outOfTime }, false]);
  });

  it("turns a failure of the directory into a value", async () => {
    const failure = aFailure("throttled");
    const answer = await attempt(
      () => time,
      () => Promise.reject(new DirectoryError(failure)),
    );
    expect(answer).toEqual({ kind: "failed", failure });
  });

  it("throws what is no failure of the directory, because it is a defect", async () => {
    const defect = new RangeError("51 entries");
    await expect(
      attempt(
        () => time,
        () => Promise.reject(defect),
      ),
    ).rejects.toBe(defect);
  });
});
