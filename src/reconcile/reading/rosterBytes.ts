import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { RosterSettings } from "../../policy/rosterSettings.ts";
import { RosterFault } from "./rosterRow.ts";

/** A roster's contents, as far as its first bytes tell. */
export type RosterContents =
  | { kind: "text"; text: AsyncGenerator<string>; encoding: string; compressed: boolean }
  /** An Excel workbook. */
  | { kind: "workbook"; bytes: AsyncGenerator<Uint8Array>; compressed: boolean };

/** No HR export comes near it; a small file may be a bomb once it is decompressed. */
const maxBytes = 4 * 1024 ** 3;

/**
 * Recognizes what a file is by its first bytes, decompresses gzip, and decodes text. Without a setting the encoding is that of
 * the byte order mark, or else UTF-16 if every other byte is zero, or else UTF-8. Throws `RosterFault` for a file of another
 * kind, and for bytes that the encoding does not have: to guess one would alter names.
 */
export async function openContents(
  chunks: AsyncIterable<Uint8Array>,
  encoding: RosterSettings["encoding"],
): Promise<RosterContents> {
  const outer = await peek(bounded(chunks));
  const compressed = outer.head[0] === 0x1f && outer.head[1] === 0x8b;
  const { head, bytes } = compressed ? await peek(bounded(decompress(outer.bytes))) : outer;
  const start = Buffer.from(head.subarray(0, 4096)).toString("latin1");
  const signature = signatures.find(({ begins }) => start.startsWith(begins));
  if (signature?.kind === "workbook") return { kind: "workbook", bytes, compressed };
  if (signature !== undefined) throw mistaken(signature.name, signature.remedy);
  const found = encoding ?? encodingOf(head);
  const text = decode(bytes, found, encoding !== undefined);
  const first = await firstText(text);
  const markup = markups.find(({ pattern }) => pattern.test(first.head));
  if (markup !== undefined) throw mistaken(markup.name, markup.remedy);
  return { kind: "text", text: first.whole, encoding: found, compressed };
}

const saveAsCsv = "save it as CSV, or export it as CSV";

/** What begins otherwise than a text does. */
const signatures = [
  { kind: "workbook", begins: "PK\u0003\u0004" },
  { kind: "other", begins: "PK\u0005\u0006", name: "an empty archive", remedy: saveAsCsv },
  {
    kind: "other",
    begins: "\u00d0\u00cf\u0011\u00e0",
    name: "an old Excel workbook (.xls)",
    remedy: saveAsCsv,
  },
  { kind: "other", begins: "%PDF", name: "a PDF", remedy: saveAsCsv },
  { kind: "other", begins: "\u0089PNG", name: "a picture", remedy: saveAsCsv },
] as const;

const markups = [
  {
    pattern: /^\s*<(?:!doctype html|html)/i,
    name: "a web page, perhaps that of a log-in",
    remedy: "log in, and export the report again",
  },
  { pattern: /^\s*<(?:\?xml|[\w:]+[\s>])/i, name: "XML", remedy: "export the report as CSV or JSON" },
];

function mistaken(name: string, remedy: string): RosterFault {
  return new RosterFault(`expected CSV, JSON or an Excel workbook (.xlsx); got ${name}: ${remedy}`);
}

/** Gives the first bytes, some hundred at least where there are so many, and all bytes. */
async function peek(
  chunks: AsyncGenerator<Uint8Array>,
): Promise<{ head: Uint8Array; bytes: AsyncGenerator<Uint8Array> }> {
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < 512) {
    const { done, value } = await chunks.next();
    if (done) break;
    first.push(value);
    length += value.length;
  }
  async function* whole() {
    yield* first;
    yield* chunks;
  }
  return { head: Buffer.concat(first), bytes: whole() };
}

async function* bounded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new RosterFault("expected a roster of at most 4 GiB, decompressed; got more");
    yield chunk;
  }
}

async function* decompress(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const source = Readable.from(chunks);
  source.on("error", (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk;
  } catch (cause) {
    const isBroken = cause instanceof Error && "code" in cause && String(cause.code).startsWith("Z_");
    if (!isBroken) throw cause;
    throw new RosterFault("expected a whole gzip file; got a broken one, which may have been cut off", {
      cause,
    });
  } finally {
    source.destroy();
  }
}

function encodingOf(head: Uint8Array): string {
  const [first, second, third] = head;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  // Nearly every character of a heading is ASCII, which has a byte of zero in UTF-16, and nowhere else.
  const zeros = (offset: number) =>
    head.filter((byte, position) => position % 2 === offset && byte === 0).length > head.length / 4;
  if (zeros(1)) return "utf-16le";
  return zeros(0) ? "utf-16be" : "utf-8";
}

async function* decode(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
  isChosen: boolean,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const attempt = (chunk?: Uint8Array) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (cause) {
      const remedy = isChosen
        ? "is the policy's roster.encoding right?"
        : "save the file as UTF-8, or name its encoding in the policy: roster.encoding, windows-1252 for a CSV file of Excel";
      throw new RosterFault(
        `expected ${encoding.toUpperCase()}; got bytes that it does not have: ${remedy}`,
        { cause, ...(!isChosen && { proposal: "encoding: windows-1252" }) },
      );
    }
  };
  for await (const chunk of chunks) yield attempt(chunk);
  yield attempt();
}

/** A file of blanks is no roster, and is not looked through. */
const longestHead = 64 * 1024;

/** The text from its first character that is not blank on, and the whole text. */
async function firstText(
  text: AsyncGenerator<string>,
): Promise<{ head: string; whole: AsyncGenerator<string> }> {
  let head = "";
  for (;;) {
    const { done, value = "" } = await text.next();
    head += value;
    if (done || head.length > longestHead || head.trimStart().length > 64) break;
  }
  async function* whole() {
    yield head;
    yield* text;
  }
  return { head, whole: whole() };
}
