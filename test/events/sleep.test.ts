import { describe, expect, it } from "vitest";
import { sleep } from "../../src/events/sleep.ts";

describe("sleep", () => {
  it("ends in time, and at once when it is aborted before or meanwhile", async () => {
    const stop = new AbortController();
    await sleep(1, stop.signal);
    const asleep = sleep(60_000, stop.signal);
    stop.abort("enough");
    expect(await asleep).toBeUndefined();
    expect(await sleep(60_000, stop.signal)).toBeUndefined();
  });
});
