import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { endOfOutput } from "./endOfOutput.mjs";
import type { Invocation, LogLine } from "./invocation.ts";

const bootstrap = fileURLToPath(new URL("./bootstrap.mjs", import.meta.url));

export interface ProcessSettings {
  codeDirectory: string;
  variables: Record<string, string>;
  memoryMegabytes: number;
}

export interface ProcessListener {
  onLine(stream: LogLine["stream"], line: string): void;
  onEndOf(stream: LogLine["stream"], phase: string): void;
  onMessage(message: ChildMessage): void;
  /** The process has ended and all its output is read. */
  onEnded(end: Crash): void;
}

export type Crash = Extract<Invocation, { kind: "crashed" }>;

/** Starts a process that loads the handler and waits for invocations. */
export function startProcess(settings: ProcessSettings, listener: ProcessListener): ChildProcess {
  const child = spawn(process.execPath, [...flags(settings.memoryMegabytes), bootstrap], {
    cwd: settings.codeDirectory,
    env: settings.variables,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Structured clone: 6 MB of JSON text need not be escaped into JSON again.
    serialization: "advanced",
  });
  for (const stream of ["stdout", "stderr"] as const) {
    const output = child[stream];
    if (!output) continue;
    readLogLines(output, {
      onLine: (line) => listener.onLine(stream, line),
      onEndOf: (phase) => listener.onEndOf(stream, phase),
    });
  }
  child.on("message", (message) => {
    const parsed = childMessage.safeParse(message);
    // A handler can write to the channel too; messages in another format are ignored.
    if (parsed.success) listener.onMessage(parsed.data);
  });
  child.on("error", (error) =>
    listener.onLine("stderr", `The process of the function failed: ${error.message}`),
  );
  void whenEnded(child).then((end) => listener.onEnded(end));
  return child;
}

/** Waits for the streams and the channel too, because the last output may explain the end. */
async function whenEnded(child: ChildProcess): Promise<Crash> {
  const disconnected = new Promise<void>((resolve) => child.once("disconnect", resolve));
  const closed = new Promise<Crash>((resolve) => {
    child.once("close", (code, signal) => resolve({ kind: "crashed", code, signal }));
  });
  await disconnected;
  return closed;
}

/**
 * Returns Node's memory flag. AWS limits the whole process; V8 can only limit its heap. The rest is for buffers and
 * code, about as Lambda's own start of Node.js divides it.
 */
function flags(memoryMegabytes: number): string[] {
  return [`--max-old-space-size=${Math.floor(memoryMegabytes * 0.9)}`];
}

export interface LogListener {
  onLine(line: string): void;
  /** All output of this phase ("init" or a request id) has been read. */
  onEndOf(phase: string): void;
}

/** Splits a process's output into lines. A last line without a newline is passed on when the stream ends. */
export function readLogLines(stream: Readable, listener: LogListener): void {
  let unfinished = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (unfinished + text).split("\n");
    unfinished = lines.pop() ?? "";
    for (const line of lines) tellLine(line, listener);
  });
  stream.on("end", () => {
    if (unfinished !== "") tellLine(unfinished, listener);
  });
}

function tellLine(line: string, listener: LogListener): void {
  const markAt = line.indexOf(endOfOutput);
  if (markAt === -1) {
    listener.onLine(line);
    return;
  }
  // The handler's last output did not end with a newline.
  if (markAt > 0) listener.onLine(line.slice(0, markAt));
  listener.onEndOf(line.slice(markAt + endOfOutput.length));
}

/** The message that starts an invocation. Payloads are JSON text, as they are in AWS. */
export interface InvokeMessage {
  requestId: string;
  payload: string;
  /** Milliseconds since the epoch; `getRemainingTimeInMillis` counts down to it. */
  deadline: number;
  invokedFunctionArn: string;
}

const failure = { errorType: z.string(), errorMessage: z.string(), stack: z.string().optional() };

/** A message from an execution environment. It is checked, because a handler can write to the channel too. */
const childMessage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("initError"), ...failure }),
  z.object({ kind: z.literal("response"), requestId: z.string(), payload: z.string() }),
  z.object({ kind: z.literal("error"), requestId: z.string(), ...failure }),
]);

export type ChildMessage = z.output<typeof childMessage>;
