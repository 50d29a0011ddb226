import { afterEach, describe, expect, it } from "vitest";
import type { LogLine } from "../../../../packages/aws-local/lambda/invocation.ts";
import { closeAll, parsed, start } from "./startFixture.ts";

afterEach(closeAll);

describe("what the function prints", () => {
  it("comes line by line with its stream and request, before the invocation resolves", async () => {
    const lines: LogLine[] = [];
    const lambda = start({ onLog: (line) => lines.push(line) });
    const requestId = String(parsed(await lambda.invoke({ action: "print", text: "line", count: 2 })));
    const second = String(parsed(await lambda.invoke({ action: "print", text: "again", count: 1 })));
    const of = (stream: string) => lines.filter((line) => line.stream === stream);
    const common = { functionName: "act", stream: "stdout" };
    expect(of("stdout")).toEqual([
      { ...common, line: "loading" },
      { ...common, requestId, line: "line 1" },
      { ...common, requestId, line: "line 2" },
      { ...common, requestId, line: "without newline" },
      { ...common, requestId: second, line: "again 1" },
      { ...common, requestId: second, line: "without newline" },
    ]);
    expect(of("stderr")).toEqual([
      { functionName: "act", stream: "stderr", requestId, line: "a complaint" },
      { functionName: "act", stream: "stderr", requestId: second, line: "a complaint" },
    ]);
  });

  it("is complete even if it is much", async () => {
    let count = 0;
    const lambda = start({ onLog: ({ stream }) => (count += stream === "stdout" ? 1 : 0) });
    await lambda.invoke({ action: "print", text: "ä".repeat(100), count: 20_000 });
    expect(count).toBe(20_002);
  });

  it("is told of a function that then exits, hangs or fails to load", async () => {
    const lines: string[] = [];
    const options = { onLog: ({ line }: LogLine) => lines.push(line) };
    await start(options).invoke({ action: "exit" });
    // Time enough to say so, also on a busy machine.
    await start({ ...options, timeoutSeconds: 2 }).invoke({ action: "hang" });
    expect(lines).toEqual(["loading", "leaving", "loading", "hanging"]);
    const broken = start({ ...options, handler: "functions/throwsWhileLoading.handler" });
    await broken.invoke({});
    await broken.close();
    expect(lines.slice(4)).toEqual(["about to fail"]);
  });
});
