import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endOfOutput } from "../../../../packages/aws-local/lambda/endOfOutput.mjs";
import { readLogLines } from "../../../../packages/aws-local/lambda/functionProcess.ts";

type Heard = { line: string } | { endOf: string };

async function hear(chunks: Uint8Array[]): Promise<Heard[]> {
  const heard: Heard[] = [];
  const stream = new PassThrough();
  readLogLines(stream, {
    onLine: (line) => heard.push({ line }),
    onEndOf: (endOf) => heard.push({ endOf }),
  });
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await finished(stream);
  return heard;
}

describe("readLogLines", () => {
  it("tells the same lines however the stream is cut, characters of several bytes included", async () => {
    const printed = fc.array(fc.string({ unit: "grapheme" }).filter((line) => !/[\n\0]/.test(line)));
    await fc.assert(
      fc.asyncProperty(printed, fc.integer({ min: 1, max: 7 }), async (lines, size) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        expect(await hear(chunks)).toEqual(lines.map((line) => ({ line })));
      }),
    );
  });

  it("tells the end of a phase after its last line, with or without a newline", async () => {
    expect(await hear([Buffer.from(`a\n${endOfOutput}1\nb${endOfOutput}2\n${endOfOutput}3\nc`)])).toEqual([
      { line: "a" },
      { endOf: "1" },
      { line: "b" },
      { endOf: "2" },
      { endOf: "3" },
      { line: "c" },
    ]);
  });
});
