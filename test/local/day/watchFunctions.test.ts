import { describe, expect, it } from "vitest";
import { watchFunctions } from "../../../src/local/day/watchFunctions.ts";
import type { Invocation } from "../../../src/local/lambda/invocation.ts";

const functionName = "rollcall-dev-offboard";
const response = { kind: "response", payload: "{}", durationMilliseconds: 1 } as const;
const log = (line: string) => ({ functionName, stream: "stdout", line }) as const;

describe("the watch over the functions", () => {
  it("lets pass what succeeds, wholly or in part, and what is only warned of", () => {
    const watch = watchFunctions();
    watch.onBatch({ functionName, invocation: response, reason: "succeeded", deleted: 1, retried: 0 });
    watch.onBatch({ functionName, invocation: response, reason: "partial", deleted: 1, retried: 1 });
    for (const line of ['{"level":"WARN"}', '{"level":"INFO"}', '{"_aws":{}}', "error", ""])
      watch.onLog(log(line));
    expect(watch.signal.aborted).toEqual(false);
  });

  it.each<[Invocation, string]>([
    [{ kind: "crashed", code: null, signal: "SIGKILL" }, "crashed: its process ended with SIGKILL"],
    [{ kind: "crashed", code: 1, signal: null }, "crashed: its process ended with exit code 1"],
    [{ kind: "timeout" }, "ran into its timeout"],
    [{ kind: "error", errorType: "TypeError", errorMessage: "no" }, "failed with TypeError: no"],
  ])("strikes at an invocation that ended as %j", (invocation, how) => {
    const watch = watchFunctions();
    watch.onBatch({ functionName, invocation, reason: "error", deleted: 0, retried: 1 });
    expect(watch.signal.reason).toEqual(new Error(`The function rollcall-dev-offboard ${how}`));
  });

  it("strikes at an answer that makes Lambda retry the whole batch", () => {
    const watch = watchFunctions();
    const report = { functionName, invocation: response, deleted: 0, retried: 1 };
    watch.onBatch({ ...report, reason: "unknown identifier" });
    expect(watch.signal.reason).toEqual(
      new Error(
        "The function rollcall-dev-offboard gave an answer that Lambda does not take (unknown identifier): {}",
      ),
    );
  });

  it("strikes at an error in a log", () => {
    const watch = watchFunctions();
    watch.onLog(log('{"level":"ERROR","message":"down"}'));
    expect(watch.signal.reason).toEqual(
      new Error('The function rollcall-dev-offboard reported an error: {"level":"ERROR","message":"down"}'),
    );
  });

  it("passes on a signal that it was given", () => {
    const interruption = new AbortController();
    const watch = watchFunctions(interruption.signal);
    interruption.abort("interrupted");
    expect(watch.signal.reason).toEqual("interrupted");
  });
});
