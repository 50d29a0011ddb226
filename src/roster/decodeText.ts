import { RosterFault } from "./rosterFault.ts";

/** Bytes in, text out, without a byte order mark. Throws `RosterFault` for what is not UTF-8: a name would be altered. */
export async function* decodeText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (cause) {
      throw new RosterFault("expected UTF-8; save the file in that encoding", { cause });
    }
  };
  for await (const chunk of chunks) yield decode(chunk);
  yield decode();
}
