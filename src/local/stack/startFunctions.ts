import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StackModel } from "../cloudformation/stackModel.ts";
import { type Lambda, startLambda } from "../lambda/startLambda.ts";
import type { Closers } from "./collectClosers.ts";
import type { StackOptions } from "./stack.ts";
import { unpackFunction } from "./unpackFunction.ts";

/** Unpacks the template's functions and makes them ready to run, by name. */
export async function startFunctions(
  model: StackModel,
  { packageDirectory, environment: extra, onUnpacked, onLog, onInvocation }: StackOptions,
  endpoints: Record<string, string>,
  closers: Closers,
): Promise<Map<string, Lambda>> {
  const workDirectory = await mkdtemp(join(tmpdir(), "aws-local-functions-"));
  closers.add(() => rm(workDirectory, { recursive: true, force: true }));
  const functions = new Map<string, Lambda>();
  for (const fn of model.functions) {
    const codeDirectory = await unpackFunction(fn, packageDirectory, workDirectory);
    await onUnpacked?.(fn, codeDirectory);
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
