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
import { devAccount } from "./devAccount.ts";

export interface ServiceStackOptions extends Omit<StackOptions, "stackName" | "onUnpacked"> {
  chime: ChimeSimulatorOptions;
  /** Returns the policy that the functions are to read instead of the packaged one. */
  adjustPolicy?: (policy: Policy) => Policy;
}

/** The packaged service on the embedded stack, and the simulator of Amazon Chime that it calls. */
export interface ServiceStack extends Stack {
  chime: ChimeSimulator;
}

/** The functions wait so many times longer for an answer than on AWS, so that a busy machine does not look like an outage. */
const clientTimeoutFactor = "10";

/** Starts the packaged service and its simulator. Throws if a part fails to start, and leaves nothing running. */
export async function startServiceStack({
  chime: chimeOptions,
  adjustPolicy,
  environment,
  ...options
}: ServiceStackOptions): Promise<ServiceStack> {
  const closers = collectClosers();
  try {
    const chime = await startChimeSimulator(chimeOptions);
    closers.add(chime.close);
    const stack = await startStack({
      ...options,
      stackName: devAccount.stackName,
      environment: {
        AWS_ENDPOINT_URL_CHIME: chime.url,
        CLIENT_TIMEOUT_FACTOR: clientTimeoutFactor,
        ...environment,
      },
      ...(adjustPolicy && {
        onUnpacked: (fn, codeDirectory) => rewritePolicy(fn, codeDirectory, adjustPolicy),
      }),
    });
    closers.add(stack.close);
    return { ...stack, chime, close: closers.closeAll };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

/** Rewrites the policy in the unpacked function's folder; the package stays as it is. JSON is valid YAML. */
async function rewritePolicy(
  { environment }: FunctionModel,
  codeDirectory: string,
  adjust: (policy: Policy) => Policy,
): Promise<void> {
  if (environment.POLICY_FILE === undefined) return;
  const file = join(codeDirectory, environment.POLICY_FILE);
  await writeFile(file, JSON.stringify(adjust(readPolicy(file))));
}
