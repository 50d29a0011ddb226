import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { InvokeMessage } from "../../../../packages/aws-local/lambda/functionProcess.ts";

const bootstrap = fileURLToPath(
  new URL("../../../../packages/aws-local/lambda/bootstrap.mjs", import.meta.url),
);
const codeDirectory = fileURLToPath(new URL("../../../fixtures/lambda", import.meta.url));

it("ends with its parent, in the middle of an invocation too, so that no process is left behind", async () => {
  const child = spawn(process.execPath, [bootstrap], {
    cwd: codeDirectory,
    env: { _HANDLER: "functions/act.handler" },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
  const [ready] = await once(child, "message");
  const payload = JSON.stringify({ action: "wait", milliseconds: 60_000 });
  const invoke: InvokeMessage = { requestId: "1", payload, deadline: 0, invokedFunctionArn: "" };
  await new Promise((sent) => child.send(invoke, sent));
  child.disconnect();
  const [code] = await once(child, "exit");
  expect([ready, code]).toEqual([{ kind: "ready" }, 0]);
});
