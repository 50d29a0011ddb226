import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { statusLine } from "../../src/cli/statusLine.ts";

function recordingStream(isTTY: boolean) {
  const written: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY });
  stream.on("data", (chunk: Buffer) => written.push(chunk.toString()));
  return { stream, written };
}

describe("statusLine", () => {
  it("rewrites one line, at most ten times a second, and wipes it at the end", async () => {
    const { stream, written } = recordingStream(true);
    let now = 1000;
    const status = statusLine(stream, () => now);
    for (const [at, text] of [
      [1000, "1 event"],
      [1050, "2 events"],
      [1100, "3 events"],
    ] as const) {
      now = at;
      status.show(text);
    }
    status.clear();
    expect(written.join("")).toBe("\r\u001b[K1 event\r\u001b[K3 events\r\u001b[K");
  });

  it("says nothing where nobody watches", () => {
    const { stream, written } = recordingStream(false);
    const status = statusLine(stream, () => 0);
    status.show("1 event");
    status.clear();
    expect(written).toEqual([]);
  });
});
