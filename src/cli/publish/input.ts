import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { describeFileError } from "../describeFileError.ts";
import type { Terminal } from "../terminal.ts";

export type Input =
  | { kind: "opened"; bytes: AsyncIterable<Uint8Array>; rejectedPath: string }
  | { kind: "unreadable"; message: string };

/** Opens the file, or standard input for `-`, and says where its rejected lines go unless told otherwise. */
export async function openInput(
  file: string,
  stdin: Terminal["stdin"],
  wanted = "a file of JSON lines",
): Promise<Input> {
  if (file === "-") return { kind: "opened", bytes: stdin, rejectedPath: "rejected.jsonl" };
  try {
    await access(file, constants.R_OK);
    if ((await stat(file)).isDirectory()) {
      return { kind: "unreadable", message: `${file} is a folder; name ${wanted}` };
    }
    return { kind: "opened", bytes: createReadStream(file), rejectedPath: `${file}.rejected.jsonl` };
  } catch (error) {
    return { kind: "unreadable", message: `cannot read ${file}: ${describeFileError(error)}` };
  }
}
