/** A line of an input, exactly as it lies there, its line ending included. */
export interface EventLine {
  /** Counted from 1, blank lines too, so that an editor finds it. */
  number: number;
  bytes: Buffer;
}

const LINE_FEED = 0x0a;

/**
 * Splits a stream of bytes at line feeds and leaves out blank lines. Bytes, not text: a line that is refused
 * has to go into the rejected file as it came, even if it is not UTF-8.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<EventLine> {
  let number = 0;
  let open: Buffer[] = [];
  for await (const chunk of chunks) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = buffer.indexOf(LINE_FEED); end !== -1; end = buffer.indexOf(LINE_FEED, start)) {
      open.push(buffer.subarray(start, end + 1));
      start = end + 1;
      const line = { number: ++number, bytes: close(open) };
      open = [];
      if (!isBlank(line.bytes)) yield line;
    }
    if (start < buffer.length) open.push(buffer.subarray(start));
  }
  const last = { number: number + 1, bytes: close(open) };
  if (!isBlank(last.bytes)) yield last;
}

function close(pieces: readonly Buffer[]): Buffer {
  const [first] = pieces;
  return pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
