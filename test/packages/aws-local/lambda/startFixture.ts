import { fileURLToPath } from "node:url";
import type { Invocation } from "../../../../packages/aws-local/lambda/invocation.ts";
import {
  type Lambda,
  type LambdaOptions,
  startLambda,
} from "../../../../packages/aws-local/lambda/startLambda.ts";

export const codeDirectory = fileURLToPath(new URL("../../../fixtures/lambda", import.meta.url));
export const arn = "arn:aws:lambda:eu-central-1:123456789012:function:act";

const running: Lambda[] = [];

/** Starts test/fixtures/lambda/functions/act.mjs, or another handler there. */
export function start(options: Partial<LambdaOptions> = {}): Lambda {
  const lambda = startLambda({
    name: "act",
    arn,
    codeDirectory,
    handler: "functions/act.handler",
    environment: {},
    timeoutSeconds: 60,
    memoryMegabytes: 128,
    ...options,
  });
  running.push(lambda);
  return lambda;
}

/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(running.splice(0).map((lambda) => lambda.close()));
}

/** What the function answered, or the invocation itself if it did not. */
export function parsed(invocation: Invocation): unknown {
  return invocation.kind === "response" ? JSON.parse(invocation.payload) : invocation;
}

export function failure(invocation: Invocation): unknown {
  if (invocation.kind !== "error") return invocation;
  return { errorType: invocation.errorType, errorMessage: invocation.errorMessage };
}
