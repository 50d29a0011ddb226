import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Policy } from "../../policy/policy.ts";
import { readPolicy } from "../../policy/readPolicy.ts";
import type { StackModel } from "../cloudformation/stackModel.ts";
import { type Lambda, startLambda } from "../lambda/startLambda.ts";
import type { Closers } from "./collectClosers.ts";
import type { StackOptions } from "./stack.ts";
import { unpackFunction } from "./unpackFunction.ts";

/** Unpacks the template's functions and makes them ready to run, by name. */
export async function startFunctions(
  model: StackModel,
  { packageDirectory, environment: extra, adjustPolicy, onLog, onInvocation }: StackOptions,
  endpoints: Record<string, string>,
  closers: Closers,
): Promise<Map<string, Lambda>> {
  const workDirectory = await mkdtemp(join(tmpdir(), "rollcall-functions-"));
  closers.add(() => rm(workDirectory, { recursive: true, force: true }));
  const functions = new Map<string, Lambda>();
  for (const fn of model.functions) {
    const codeDirectory = await unpackFunction(fn, packageDirectory, workDirectory);
    const policyFile = fn.environment.POLICY_FILE;
    if (adjustPolicy !== undefined && policyFile !== undefined)
      await rewritePolicy(join(codeDirectory, policyFile), adjustPolicy);
    const { reservedConcurrency: maximumEnvironments } = fn;
    const lambda = startLambda({
      ...fn,
      codeDirectory,
      environment: { ...fn.environment, ...endpoints, ...extra },
      ...(onLog && { onLog }),
      ...(onInvocation && { onInvocation }),
      ...(maximumEnvironments !== undefined && { maximumEnvironments }),
    });
    closers.add(lambda.close);
    functions.set(fn.name, lambda);
  }
  return functions;
}

/** Into the unpacked function's own folder, so that what was packaged stays as it is. JSON is YAML too. */
async function rewritePolicy(file: string, adjust: (policy: Policy) => Policy): Promise<void> {
  await writeFile(file, JSON.stringify(adjust(readPolicy(file))));
}
