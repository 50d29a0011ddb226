/** A line of an input, exactly as it lies there, its line ending included. */
export interface EventLine {
  /** Counted from 1, blank lines too, so that an editor finds it. */
  number: number;
  bytes: Buffer;
}

/** No event comes near it. A file that has no line feed for so long is not JSON lines, and would be read into memory whole. */
export const MAX_BYTES_WITHOUT_LINE_FEED = 64 * 1024 * 1024;

/**
 * Splits a stream of bytes at line feeds and leaves out blank lines. Bytes, not text: a line that is refused
 * has to go into the rejected file as it came, even if it is not UTF-8. Throws `RangeError` where no line ends for 64 MiB.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<EventLine> {
  let number = 0;
  let pieces: Buffer[] = [];
  let pieceBytes = 0;
  for await (const chunk of chunks) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = buffer.indexOf(lineFeed); end !== -1; end = buffer.indexOf(lineFeed, start)) {
      pieces.push(buffer.subarray(start, end + 1));
      start = end + 1;
      const line = { number: ++number, bytes: join(pieces) };
      pieces = [];
      pieceBytes = 0;
      if (!isBlank(line.bytes)) yield line;
    }
    if (start < buffer.length) pieces.push(buffer.subarray(start));
    pieceBytes += buffer.length - start;
    if (pieceBytes > MAX_BYTES_WITHOUT_LINE_FEED) throw endlessLine(number + 1);
  }
  const last = { number: number + 1, bytes: join(pieces) };
  if (!isBlank(last.bytes)) yield last;
}

const lineFeed = 0x0a;

function endlessLine(number: number): Error {
  return new RangeError(
    `line ${number}: expected a line feed after at most ${MAX_BYTES_WITHOUT_LINE_FEED} bytes; got none. Is it a file of JSON lines, one event a line?`,
  );
}

function join(pieces: readonly Buffer[]): Buffer {
  const [first] = pieces;
  return pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
