import { setTimeout as sleep } from "node:timers/promises";
import { SSMClient, type SSMClientConfig } from "@aws-sdk/client-ssm";
import { pipelines } from "../../pipelineSettings.ts";
import { callPace } from "../callPace.ts";
import type { Directory, StateAnswer } from "../directory.ts";
import { readSecret } from "../ssm/readSecret.ts";
import { type ScimAccount, toScimProfile } from "./scimAccountType.ts";
import { scimDirectory } from "./scimDirectory.ts";

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
  { clientTimeoutFactor, allowLoopbackHttp, ssm: where }: ScimEnvironment,
): { directories: Map<string, Directory>; close: () => void } {
  const ssm = new SSMClient({
    ...where,
    maxAttempts: 3,
    requestHandler: {
      requestTimeout: ssmRequestTimeoutMilliseconds * clientTimeoutFactor,
      connectionTimeout: ssmConnectionTimeoutMilliseconds * clientTimeoutFactor,
      throwOnRequestTimeout: true,
    },
  });
  const open = ({ id, ...account }: ScimAccount & { id: string }): [string, Directory] => {
    const { baseUrl, secret } = account.directory;
    const profile = toScimProfile(account);
    const directory = scimDirectory({
      profile,
      baseUrl,
      allowLoopbackHttp,
      clientTimeoutFactor,
      readToken: () => readSecret(ssm, secret),
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
function withConsent(directory: Directory, { suspension }: ScimAccount): Directory {
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
