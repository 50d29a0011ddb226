import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLambda } from "../../packages/aws-local/lambda/startLambda.ts";
import { packagedFunctions, unpack } from "../infra/packagedFunction.ts";

export interface StartedFunction {
  /** What the function answered, or how it failed. */
  invoke: (event: object) => Promise<unknown>;
  /** The lines that it wrote, read as JSON, but for those of the next. */
  logs: unknown[];
  /** The lines in the embedded metric format. */
  metrics: unknown[];
  /** Every line as it was written. */
  lines: string[];
  close: () => Promise<void>;
}

/**
 * Runs a function of the packaged service in a process of its own.
 *
 * @param name in serverless.yml, such as `offboard`
 * @param environment stands over the template's own variables
 */
export async function startPackaged(
  name: string,
  {
    environment,
    timeoutSeconds,
  }: { environment: Record<string, string>; timeoutSeconds?: number | undefined },
): Promise<StartedFunction> {
  const packaged = packagedFunctions.find(({ FunctionName }) => FunctionName.endsWith(`-${name}`));
  if (packaged === undefined) throw new Error(`The packaged template has no function ${name}.`);
  const codeDirectory = await mkdtemp(join(tmpdir(), `rollcall-${name}-`));
  await unpack(packaged, codeDirectory);
  const logs: unknown[] = [];
  const metrics: unknown[] = [];
  const lines: string[] = [];
  const read = (line: string) => {
    const entry: object = JSON.parse(line);
    ("_aws" in entry ? metrics : logs).push(entry);
    lines.push(line);
  };
  const lambda = startLambda({
    name: packaged.FunctionName,
    arn: `arn:aws:lambda:us-east-1:123456789012:function:${packaged.FunctionName}`,
    handler: packaged.Handler,
    codeDirectory,
    memoryMegabytes: packaged.MemorySize,
    timeoutSeconds: timeoutSeconds ?? packaged.Timeout,
    environment: {
      ...packaged.Environment.Variables,
      ...environment,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
    onLog: ({ line }) => read(line),
  });
  return {
    logs,
    metrics,
    lines,
    invoke: async (event) => {
      const invocation = await lambda.invoke(event);
      return invocation.kind === "response" ? JSON.parse(invocation.payload) : invocation;
    },
    close: async () => {
      await lambda.close();
      await rm(codeDirectory, { recursive: true });
    },
  };
}
