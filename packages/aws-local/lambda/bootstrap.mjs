// @ts-check
/**
 * The child's side of an execution environment: loads the handler once, then answers one invocation at a
 * time over the IPC channel. Plain JavaScript, so that a cold start measures the bundle and not a compiler.
 *
 * @import { ChildMessage, InvokeMessage } from "./functionProcess.ts"
 */
import { endOfOutput } from "./endOfOutput.mjs";
import { loadHandler, RuntimeError } from "./loadHandler.mjs";

// Taken before the handler loads: a bundle may replace them.
const write = {
  stdout: process.stdout.write.bind(process.stdout),
  stderr: process.stderr.write.bind(process.stderr),
};
const environment = process.env;
const setting = environment._HANDLER ?? "";

// The parent is gone: nobody would ever end this process.
process.once("disconnect", () => process.exit());

try {
  const handler = await loadHandler(process.cwd(), setting);
  process.on("message", (message) => {
    void answer(handler, /** @type {InvokeMessage} */ (message));
  });
  finish("init", { kind: "ready" });
} catch (error) {
  // Lambda gives up an environment whose initialisation failed, and tries again in a new one.
  finish("init", { kind: "initError", ...describe(error) }, () => process.exit(1));
}

/**
 * @param {(event: unknown, context: object) => unknown} handler
 * @param {InvokeMessage} invoke
 */
async function answer(handler, invoke) {
  finish(invoke.requestId, await run(handler, invoke));
}

/**
 * Marks where a phase's output ends, so that the parent can tell it from the next one's, and answers.
 *
 * @param {string} phase
 * @param {ChildMessage} message
 * @param {() => void} [sent]
 */
function finish(phase, message, sent) {
  write.stdout(`${endOfOutput}${phase}\n`);
  write.stderr(`${endOfOutput}${phase}\n`);
  process.send?.(message, undefined, undefined, sent);
}

/**
 * @param {(event: unknown, context: object) => unknown} handler
 * @param {InvokeMessage} invoke
 * @returns {Promise<ChildMessage>}
 */
async function run(handler, invoke) {
  const { requestId } = invoke;
  try {
    const result = await handler(JSON.parse(invoke.payload), contextOf(invoke));
    return { kind: "response", requestId, payload: toJson(result) };
  } catch (error) {
    return { kind: "error", requestId, ...describe(error) };
  }
}

/** @param {InvokeMessage} invoke */
function contextOf(invoke) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: invoke.requestId,
    invokedFunctionArn: invoke.invokedFunctionArn,
    // The process's own Date may have been set to another time, as a test of clocks does.
    getRemainingTimeInMillis: () => Math.floor(invoke.deadline - performance.timeOrigin - performance.now()),
  };
}

/** @param {unknown} result */
function toJson(result) {
  try {
    return JSON.stringify(result ?? null) ?? "null";
  } catch (error) {
    throw new RuntimeError("Runtime.JSONStringifyError", "Unable to stringify response body", {
      cause: error,
    });
  }
}

/** @param {unknown} error */
function describe(error) {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, ...(error.stack && { stack: error.stack }) }
    : { errorType: typeof error, errorMessage: String(error) };
}
