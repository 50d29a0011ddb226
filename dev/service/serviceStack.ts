import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { collectClosers } from "@rollcall/aws-local/collectClosers";
import type { Stack, StackOptions } from "@rollcall/aws-local/stack";
import type { FunctionModel } from "@rollcall/aws-local/stackModel";
import { startStack } from "@rollcall/aws-local/startStack";
import {
  type ChimeSimulator,
  type ChimeSimulatorOptions,
  startChimeSimulator,
} from "@rollcall/chime-simulator";
import { readPolicy } from "../../src/policy/file/policyFile.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { simulatedChime } from "../directories/simulatedChime.ts";
import type { SimulatedDirectory } from "../directories/simulatedDirectory.ts";
import { devAccount } from "./devAccount.ts";

interface ServiceOptions extends Omit<StackOptions, "stackName" | "onUnpacked"> {
  /** Default: that of the stage `dev`. */
  stackName?: string;
  /** Returns the policy that the functions are to read instead of the packaged one. */
  adjustPolicy?: (policy: Policy) => Policy;
  /** Called with each function's file of the policy. */
  onPolicyFile?: (file: string) => void;
}

export interface DirectoryStackOptions extends ServiceOptions {
  /** Started already. They are closed with the stack, also if a part of it fails to start. */
  directories: readonly SimulatedDirectory[];
}

/** The packaged service on the embedded stack, and the simulated directories that it calls. */
export interface DirectoryStack extends Stack {
  directories: readonly SimulatedDirectory[];
}

/** The functions wait so many times longer for an answer than on AWS, so that a busy machine does not look like an outage. */
const clientTimeoutFactor = "10";

/** Starts the packaged service with directories. Throws if a part fails to start, and leaves nothing running. */
export async function startDirectoryStack({
  directories,
  adjustPolicy,
  onPolicyFile,
  environment,
  stackName = devAccount.stackName,
  ...options
}: DirectoryStackOptions): Promise<DirectoryStack> {
  const closers = collectClosers();
  for (const { close } of directories) closers.add(close);
  try {
    const stack = await startStack({
      ...options,
      stackName,
      environment: {
        ...Object.assign({}, ...directories.map((directory) => directory.environment)),
        CLIENT_TIMEOUT_FACTOR: clientTimeoutFactor,
        ALLOW_LOOPBACK_HTTP: "true",
        ...environment,
      },
      onUnpacked: async (fn, codeDirectory) => {
        const file = policyFileOf(fn, codeDirectory);
        if (file === undefined) return;
        if (adjustPolicy) await writeFile(file, JSON.stringify(adjustPolicy(readPolicy(file))));
        onPolicyFile?.(file);
      },
    });
    closers.add(stack.close);
    return { ...stack, directories, close: closers.closeAll };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

/** Returns the directory that has the account. Throws if none does. */
export function directoryWith(
  directories: readonly SimulatedDirectory[],
  accountId: string,
): SimulatedDirectory {
  const found = directories.find(({ accounts }) => accounts.some((each) => each.accountId === accountId));
  if (found === undefined) throw new Error(`expected a directory with the account ${accountId}`);
  return found;
}

export interface ServiceStackOptions extends ServiceOptions {
  chime: ChimeSimulatorOptions;
}

/** The packaged service on the embedded stack, and the simulator of Amazon Chime that it calls. */
export interface ServiceStack extends Stack {
  chime: ChimeSimulator;
}

/** Starts the packaged service with a simulator of Chime alone, which a test may change and listen to. */
export async function startServiceStack({
  chime: options,
  ...rest
}: ServiceStackOptions): Promise<ServiceStack> {
  const chime = await startChimeSimulator(options);
  return { ...(await startDirectoryStack({ ...rest, directories: [simulatedChime(chime)] })), chime };
}

/** The policy in the unpacked function's folder, which may be rewritten: the package stays as it is. JSON is valid YAML. */
function policyFileOf({ environment }: FunctionModel, codeDirectory: string): string | undefined {
  return environment.POLICY_FILE === undefined ? undefined : join(codeDirectory, environment.POLICY_FILE);
}
