import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_BYTES_WITHOUT_LINE_FEED, readLines } from "../../src/events/eventLines.ts";
import { collect } from "./collect.ts";

const read = async (chunks: Uint8Array[]) => {
  const lines = await collect(readLines(chunks));
  return lines.map(({ number, bytes }) => [number, bytes.toString("latin1")]);
};

describe("readLines", () => {
  it("gives each line with its ending and its number, and leaves out blank ones", async () => {
    expect(await read([Buffer.from("a\r\n\n \t\nb\nc")])).toEqual([
      [1, "a\r\n"],
      [4, "b\n"],
      [5, "c"],
    ]);
    expect(await read([])).toEqual([]);
  });

  it("gives the same lines however the bytes are cut into chunks, UTF-8 or not", async () => {
    const bytes = fc.uint8Array({ maxLength: 60 });
    const withLines = fc
      .array(bytes, { maxLength: 6 })
      .map((parts) => parts.flatMap((part) => [...part, 0x0a]));
    await fc.assert(
      fc.asyncProperty(withLines, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), async (input, sizes) => {
        const chunks: Uint8Array[] = [];
        for (let start = 0; start < input.length; ) {
          const size = sizes.next().value ?? 1;
          chunks.push(Uint8Array.from(input.slice(start, start + size)));
          start += size;
        }
        const whole = await read([Uint8Array.from(input)]);
        expect(await read(chunks)).toEqual(whole);
        const text = Buffer.from(input).toString("latin1");
        expect(whole.map(([, line]) => line).join("")).toBe(
          text
            .match(/[^\n]*\n/g)
            ?.filter((line) => /[^\t-\r ]/.test(line))
            .join("") ?? "",
        );
      }),
    );
  });

  it("ends where no line ends, before memory does, and gives the lines before", async () => {
    const piece = Buffer.alloc(1024 * 1024, "x");
    const pieces = Array(MAX_BYTES_WITHOUT_LINE_FEED / piece.length).fill(piece);
    const first = Buffer.from("a\n");
    expect(await collect(readLines([first, ...pieces]))).toHaveLength(2);
    const endless = readLines([first, ...pieces, Buffer.from("x")]);
    expect((await endless.next()).value).toMatchObject({ number: 1 });
    await expect(endless.next()).rejects.toThrow("line 2: expected a line feed after at most 67108864 bytes");
  });
});
