import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { expect } from "vitest";

const bin = fileURLToPath(new URL("../../../bin/rollcall.js", import.meta.url));

/** A command in a real terminal of so many columns, in which somebody types. */
export interface PseudoTerminal {
  /** All that stood on the screen so far, without colours. */
  text: () => string;
  type: (keys: string) => void;
  /** Waits until the screen shows it. */
  shows: (pattern: RegExp) => Promise<void>;
  /** Closes the window. */
  close: () => void;
  /** The exit code of the command, or that of `script` where the window was closed. */
  ended: Promise<number | null>;
}

/** Runs `rollcall` under `script` of util-linux, which every Debian has, and which takes its keys from a pipe. */
export function openTerminal(
  args: readonly string[],
  { cwd, columns }: { cwd: string; columns: number },
): PseudoTerminal {
  const command = ["exec", process.execPath, bin, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn(
    "script",
    ["-qefc", `stty cols ${columns} rows 50; ${command.replace("'exec'", "exec")}`, "/dev/null"],
    { cwd, env: { ...process.env, TERM: "xterm-256color", SHELL: "/bin/sh" } },
  );
  let output = "";
  const ended = collect(child, (text) => (output += text));
  const text = () => stripVTControlCharacters(output).replaceAll("\r\n", "\n");
  return {
    text,
    type: (keys) => void child.stdin.write(keys),
    shows: (pattern) => expect.poll(text, { interval: 100 }).toMatch(pattern),
    close: () => void child.kill("SIGKILL"),
    ended,
  };
}

async function collect(
  child: ChildProcessWithoutNullStreams,
  onText: (text: string) => void,
): Promise<number | null> {
  child.stdout.setEncoding("utf8").on("data", onText);
  // The window may be closed while somebody types.
  child.stdin.on("error", () => {});
  const [exitCode] = await once(child, "close");
  return exitCode;
}

/** The lines that a terminal would break somewhere, be it within a word. */
export function tooLongFor(columns: number, text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.split("\r").at(-1) ?? "")
    .filter((line) => line.length > columns);
}
