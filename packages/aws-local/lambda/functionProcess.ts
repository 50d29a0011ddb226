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
  /** The process is gone and everything that it printed was told. */
  onEnded(end: Crash): void;
}

export type Crash = Extract<Invocation, { kind: "crashed" }>;

/** Starts a process that loads the handler and then waits for invocations. */
export function startProcess(settings: ProcessSettings, listener: ProcessListener): ChildProcess {
  const child = spawn(process.execPath, [...flags(settings.memoryMegabytes), bootstrap], {
    cwd: settings.codeDirectory,
    env: settings.variables,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Structured clone: a payload of 6 MB of JSON text is not escaped into JSON once more.
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
    // A handler can reach the channel as well; what is not in our terms was not meant for us.
    if (parsed.success) listener.onMessage(parsed.data);
  });
  child.on("error", (error) =>
    listener.onLine("stderr", `The process of the function failed: ${error.message}`),
  );
  void whenEnded(child).then((end) => listener.onEnded(end));
  return child;
}

/** Waits for the streams and the channel too: what the process said last may explain its end. */
async function whenEnded(child: ChildProcess): Promise<Crash> {
  const disconnected = new Promise<void>((resolve) => child.once("disconnect", resolve));
  const closed = new Promise<Crash>((resolve) => {
    child.once("close", (code, signal) => resolve({ kind: "crashed", code, signal }));
  });
  await disconnected;
  return closed;
}

/**
 * AWS limits the memory of the whole process; V8 can only be told to limit its heap. The rest is for buffers
 * and code, about as Lambda's own start of Node.js divides it.
 */
function flags(memoryMegabytes: number): string[] {
  return [`--max-old-space-size=${Math.floor(memoryMegabytes * 0.9)}`, "--enable-source-maps"];
}

export interface LogListener {
  onLine(line: string): void;
  /** Everything that this phase ("init" or a request id) printed has been read. */
  onEndOf(phase: string): void;
}

/** Cuts what a process prints into lines; a last line without a newline is told when the stream ends. */
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
  // The handler's last output had no newline of its own.
  if (markAt > 0) listener.onLine(line.slice(0, markAt));
  listener.onEndOf(line.slice(markAt + endOfOutput.length));
}

/** What the parent asks of an execution environment. Payloads cross as JSON text, as they do in AWS. */
export interface InvokeMessage {
  requestId: string;
  payload: string;
  /** Milliseconds since the epoch; `getRemainingTimeInMillis` counts down to it. */
  deadline: number;
  invokedFunctionArn: string;
}

const failure = { errorType: z.string(), errorMessage: z.string(), stack: z.string().optional() };

/** What an execution environment tells its parent; checked, because a handler can write to the channel too. */
const childMessage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("initError"), ...failure }),
  z.object({ kind: z.literal("response"), requestId: z.string(), payload: z.string() }),
  z.object({ kind: z.literal("error"), requestId: z.string(), ...failure }),
]);

export type ChildMessage = z.output<typeof childMessage>;
