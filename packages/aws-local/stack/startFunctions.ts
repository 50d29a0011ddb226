import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { unzipSync } from "fflate";
import type { FunctionModel, StackModel } from "../cloudformation/stackModel.ts";
import { type Lambda, startLambda } from "../lambda/startLambda.ts";
import type { Closers } from "./collectClosers.ts";
import type { StackOptions } from "./stack.ts";

export interface FunctionModels {
  model: StackModel;
  /** Of `otherPackage`. */
  otherModel: StackModel | undefined;
}

/** Unpacks the template's functions and prepares them to run, by name. */
export async function startFunctions(
  { model, otherModel }: FunctionModels,
  options: StackOptions,
  endpoints: Record<string, string>,
  closers: Closers,
): Promise<Map<string, Lambda>> {
  const { packageDirectory, otherPackage, environment, onLog, onProcess, onInvocation } = options;
  const workDirectory = await mkdtemp(join(tmpdir(), "aws-local-functions-"));
  closers.add(() => rm(workDirectory, { recursive: true, force: true }));
  const unpack = async (fn: FunctionModel, directory: string, folder: string) => {
    const codeDirectory = await unpackFunction(fn, directory, join(workDirectory, folder));
    await options.onUnpacked?.(fn, codeDirectory);
    const { handler } = fn;
    return { handler, codeDirectory, environment: { ...fn.environment, ...endpoints, ...environment } };
  };
  const functions = new Map<string, Lambda>();
  for (const fn of model.functions) {
    const { name, reservedConcurrency: maximumEnvironments } = fn;
    const code = await unpack(fn, packageDirectory, "code");
    const other = otherModel?.functions.find((each) => each.name === name);
    const otherCode = other && otherPackage && (await unpack(other, otherPackage.directory, "other"));
    const lambda = startLambda({
      ...fn,
      ...code,
      ...(otherCode && {
        otherCode: (nth) => (otherPackage?.runs({ functionName: name, nth }) ? otherCode : undefined),
      }),
      ...(onLog && { onLog }),
      ...(onProcess && { onProcess }),
      ...(onInvocation && { onInvocation }),
      ...(maximumEnvironments !== undefined && { maximumEnvironments }),
    });
    closers.add(lambda.close);
    functions.set(name, lambda);
  }
  return functions;
}

/** Unpacks a function's zip, as Lambda does into /var/task, and returns the folder. */
export async function unpackFunction(
  { name, codeKey }: FunctionModel,
  packageDirectory: string,
  workDirectory: string,
): Promise<string> {
  const codeDirectory = join(workDirectory, name);
  const files = unzipSync(await readFile(join(packageDirectory, basename(codeKey))));
  for (const [path, content] of Object.entries(files)) {
    const file = join(codeDirectory, path);
    await mkdir(dirname(file), { recursive: true });
    if (!path.endsWith("/")) await writeFile(file, content);
  }
  return codeDirectory;
}
