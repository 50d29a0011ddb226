import { setTimeout as sleep } from "node:timers/promises";
import { GetParameterCommand, SSMClient, type SSMClientConfig } from "@aws-sdk/client-ssm";
import { pipelines } from "../../pipelineSettings.ts";
import { callPace } from "../callPace.ts";
import type { StateAnswer } from "../directory.ts";
import { clientCredentials } from "./http/clientCredentials.ts";
import { type ScimAccount, toScimProfile } from "./scimAccountType.ts";
import { type ScimDirectory, scimDirectory } from "./scimDirectory.ts";

export interface ScimEnvironment {
  /** How many times longer to wait than for a real service. */
  clientTimeoutFactor: number;
  /** Servers of this machine without encryption: for the embedded stack alone. */
  allowLoopbackHttp: boolean;
  /** Where the SSM Parameter Store is, if not where the environment says. */
  ssm: Pick<SSMClientConfig, "endpoint" | "region" | "credentials">;
}

/** Secrets are read at the first call of an execution environment, and when one was refused. */
const ssmRequestTimeoutMilliseconds = 4_000;
const ssmConnectionTimeoutMilliseconds = 1_000;

/** Opens the directories of accounts of SCIM services, by their ids. Nothing is asked before the first call. */
export function openScim(
  accounts: readonly (ScimAccount & { id: string })[],
  { ssm: where, ...environment }: ScimEnvironment,
): { directories: Map<string, ScimDirectory>; close: () => void } {
  const { clientTimeoutFactor } = environment;
  const ssm = new SSMClient({
    ...where,
    maxAttempts: 3,
    requestHandler: {
      requestTimeout: ssmRequestTimeoutMilliseconds * clientTimeoutFactor,
      connectionTimeout: ssmConnectionTimeoutMilliseconds * clientTimeoutFactor,
      throwOnRequestTimeout: true,
    },
  });
  const open = ({ id, ...account }: ScimAccount & { id: string }): [string, ScimDirectory] => {
    const { baseUrl, secret, oauth } = account.directory;
    const readSecret = () => readParameter(ssm, secret);
    const profile = toScimProfile(account);
    const directory = scimDirectory({
      profile,
      baseUrl,
      ...environment,
      readToken:
        oauth === undefined
          ? async () => ({ text: await readSecret() })
          : clientCredentials({ ...environment, ...oauth, target: profile.name, readSecret, now: Date.now }),
      pace: callPace({ now: Date.now, sleep }, shareOf(profile.callsPerSecond.value)),
      now: Date.now,
      sleep,
      random: Math.random,
    });
    return [id, profile.suspension.value === "deletes" ? withConsent(directory, account) : directory];
  };
  return { directories: new Map(accounts.map(open)), close: () => ssm.destroy() };
}

/**
 * Reads a SecureString of the SSM Parameter Store by its whole name. Nothing is remembered here, because the caller reads it anew only
 * when it was refused. Throws what the SDK throws.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
async function readParameter(ssm: SSMClient, name: string): Promise<string> {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  if (Parameter?.Value === undefined)
    throw new Error(`expected the parameter ${name} to have a value; got none`);
  return Parameter.Value;
}

/**
 * The rate is the service's, and execution environments know nothing of each other. Nearly always one pipeline is busy, so each gets an
 * equal part of what that one may have. Where more of them are busy, the service throttles, and all slow down.
 */
function shareOf(callsPerSecond: number | undefined): number | undefined {
  return callsPerSecond === undefined ? undefined : callsPerSecond / pipelines.offboard.maximumConcurrency;
}

const withoutConsent: StateAnswer = {
  kind: "reject",
  code: "SuspensionDeletes",
  reason:
    "deletes the users whom it suspends, and the policy does not allow that; write `suspension: deletes` there, deploy, and redrive",
};

/**
 * Nobody is deleted unless the policy says so. `rollcall policy check` and the packaging refuse such a policy; this is for one that
 * came into a package in another way.
 */
function withConsent(directory: ScimDirectory, { suspension }: ScimAccount): ScimDirectory {
  if (suspension === "deletes") return directory;
  return {
    ...directory,
    async getAccount(accountId, budget) {
      const account = await directory.getAccount(accountId, budget);
      const { offboard } = account.capabilities;
      const refused = {
        ...offboard,
        invited: withoutConsent,
        active: withoutConsent,
        remembered: withoutConsent,
      };
      return { ...account, capabilities: { ...account.capabilities, offboard: refused } };
    },
  };
}
