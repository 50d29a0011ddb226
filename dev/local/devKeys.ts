import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Terminal } from "../../src/cli/terminal.ts";
import type { DevScreen } from "./devScreen.ts";

/** What a key does. It returns what has happened, in words. */
export interface DevKey {
  key: string;
  /** Two or three words. */
  name: string;
  press: () => Promise<readonly string[]> | readonly string[];
}

export interface KeysOptions {
  keys: readonly DevKey[];
  /** A file was dropped on the terminal, or its path pasted. */
  onFile: (file: string) => Promise<string>;
  /** `q`, Ctrl-C, or the end of the input. */
  onEnd: (by: "q" | "ctrlC" | "hangUp") => void;
}

type RawInput = Terminal["stdin"] & { setRawMode?: (isRaw: boolean) => unknown };

const ctrlC = "\u0003";
const ctrlD = "\u0004";

/** Listens to single keys, where somebody sits at a terminal. The returned function gives the terminal back. */
export function listenToKeys(
  stdin: RawInput,
  { say, show }: DevScreen,
  { keys, onFile, onEnd }: KeysOptions,
): () => void {
  if (stdin.isTTY !== true || stdin.setRawMode === undefined) return () => {};
  let busy = Promise.resolve();
  const run = (work: () => Promise<readonly string[]> | readonly string[]) => {
    busy = busy.then(async () => {
      try {
        for (const text of await work()) say(text, { style: "bold" });
      } catch (error) {
        say(error instanceof Error ? error.message : String(error), { style: "red" });
      }
    });
  };
  const onData = (chunk: Buffer) => {
    const text = chunk.toString("utf8");
    const file = toPath(text);
    if (file !== undefined) return run(async () => [await onFile(file)]);
    for (const key of text) {
      if (key === ctrlC || key === ctrlD) return onEnd("ctrlC");
      if (key === "q") return onEnd("q");
      const found = keys.find((each) => each.key === key);
      if (found !== undefined) run(found.press);
      else if (key === "?") show(keyLines(keys, 80));
      // Somebody presses Enter to make room.
      else if (key === "\r") show([""]);
    }
  };
  const onHangUp = () => onEnd("hangUp");
  stdin.setRawMode(true);
  stdin.on("data", onData).on("end", onHangUp).on("error", onHangUp);
  return () => {
    stdin.off("data", onData).off("end", onHangUp).off("error", onHangUp);
    // Without a listener a terminal that was closed would end the process with an error.
    stdin.on("error", () => {});
    try {
      stdin.setRawMode?.(false);
    } catch {
      // The terminal is gone.
    }
    stdin.pause();
  };
}

const pasteBegins = "\u001b[200~";
const pasteEnds = "\u001b[201~";

/** A terminal pastes the path of a file that is dropped on it, in quotes where it has spaces. */
function toPath(pasted: string): string | undefined {
  const path = pasted
    .replaceAll(pasteBegins, "")
    .replaceAll(pasteEnds, "")
    .trim()
    .replace(/^(['"])(.*)\1$/, "$2")
    .replaceAll("\\ ", " ");
  return path.length > 3 && /[\\/.]/.test(path) && existsSync(path) ? path : undefined;
}

/** The keys, in as many columns as there is room for. */
export function keyLines(keys: readonly Pick<DevKey, "key" | "name">[], width: number): string[] {
  const all = [...keys, { key: "?", name: "keys" }, { key: "q", name: "quit" }];
  const cell = Math.max(...all.map(({ name }) => name.length)) + 5;
  const columns = Math.max(1, Math.floor((width - 2) / cell));
  const rows = Math.ceil(all.length / columns);
  return Array.from({ length: rows }, (_, row) =>
    `  ${all
      .slice(row * columns, (row + 1) * columns)
      .map(({ key, name }) => `${key} ${name}`.padEnd(cell))
      .join("")}`.trimEnd(),
  );
}

/** Opens an address in the browser of this computer, where there is one. */
export function openInBrowser(url: string): void {
  const command =
    process.platform === "darwin" ? "open" : process.platform === "win32" ? "explorer" : "xdg-open";
  spawn(command, [url], { detached: true, stdio: "ignore" })
    .on("error", () => {})
    .unref();
}
