import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { collectClosers } from "@rollcall/aws-local/collectClosers";
import { startFunctionUrl } from "@rollcall/aws-local/functionUrl";
import { localAccount } from "@rollcall/aws-local/localAccount";
import { quickTimer } from "@rollcall/aws-local/scheduler";
import type { StackOptions } from "@rollcall/aws-local/stack";
import { startDynamo } from "@rollcall/aws-local/startDynamo";
import { type ChimeSimulator, startChimeSimulator } from "@rollcall/chime-simulator";
import { localStage } from "../../src/cli/target.ts";
import { readPolicy } from "../../src/policy/file/policyFile.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { type RunClock, startRunClock } from "../chaos/runClock.ts";
import { simulatedChime } from "../directories/simulatedChime.ts";
import { sampleAccounts, sampleDirectory, scimSampleAccount } from "../sampleDay/sampleAccounts.ts";
import { startSampleScim } from "../sampleDay/sampleScim.ts";
import { type DirectoryStack, startDirectoryStack } from "../service/serviceStack.ts";
import type { DevPorts } from "./devPorts.ts";
import type { DevSeed, SeededUser } from "./devSeed.ts";
import { clone } from "./stackFile.ts";
import { startVendors, type Vendors } from "./vendorExamples.ts";

/** The parameters of `serverless.yml`, so that everything is there to be tried. */
export const devParameters = {
  scim: "true",
  webhooks: "true",
  oktaBusName: "aws.partner/okta.com/rollcall/local",
  rosterBucket: "rollcall-local",
  rosterKey: "roster",
  rosterSync: "true",
} as const;

export interface DevStackOptions extends Pick<StackOptions, "onLog" | "onInvocation" | "onBatch"> {
  packageDirectory: string;
  ports: DevPorts;
  seed: DevSeed;
  /** For the policy that the functions have. */
  stateFolder: string;
  onProblem: (problem: string) => void;
}

/** The service that stays, with the simulated directories, and a clock that can be set forward. */
export interface DevStack extends DirectoryStack {
  chime: ChimeSimulator;
  clock: RunClock;
  /** By the variables of the AWS SDK. */
  endpoints: Record<
    `AWS_ENDPOINT_URL_${"CHIME" | "DYNAMODB" | "EVENTBRIDGE" | "S3" | "SQS" | "SSM"}`,
    string
  >;
  scimUrl: string;
  stackName: string;
  webhooksUrl: string;
  vendors: Vendors;
  /** Adds the account at the SCIM target, which `policy.yml` has not. */
  withScim: (policy: Policy) => Policy;
  /** For the commands. */
  policyFile: string;
  /** The functions' own. */
  policyCopies: readonly string[];
}

/** What runs every minute runs every ten seconds, so that nobody has to wait for what follows. */
const scheduleSpeed = 6;

/** Starts the packaged service with its directories. Throws if a part fails to start, and leaves nothing running. */
export async function startDevStack({
  ports,
  seed,
  stateFolder,
  ...options
}: DevStackOptions): Promise<DevStack> {
  const clock = await startRunClock();
  const closers = collectClosers();
  closers.add(async () => clock.close());
  const { now } = clock;
  try {
    const scim = await startSampleScim({
      accounts: [scimSampleAccount],
      ...(seed.kind === "listed" && { people: ({ id }) => scimPeople(seed.users, id) }),
      port: ports.scim,
      now,
    });
    closers.add(scim.directory.close);
    const accounts =
      seed.kind === "sample"
        ? sampleDirectory()
        : sampleDirectory().map((account) => ({ ...account, people: chimePeople(seed.users, account.id) }));
    const chime = await startChimeSimulator({ accounts, port: ports.chime, now });
    closers.add(chime.close);
    const withScim = (policy: Policy) => ({
      ...policy,
      accounts: [...policy.accounts, ...scim.policyAccounts],
    });
    const policyFile = await writePolicy(withScim(readPolicy(projectPolicy)), stateFolder);
    const vendors = await startVendors(stackName);
    closers.add(vendors.close);
    const policyCopies: string[] = [];
    const stack = await startDirectoryStack({
      ...options,
      stackName,
      ports,
      directories: [simulatedChime(chime), scim.directory],
      parameters: { ...scim.parameters, ...vendors.parameters },
      environment: clock.environment,
      startDynamo: (tables) => startDynamo(tables, localAccount, undefined, now, ports.dynamodb),
      adjustPolicy: () => withScim(readPolicy(projectPolicy)),
      onPolicyFile: (file) => policyCopies.push(file),
      timer: quickTimer(scheduleSpeed),
    });
    closers.add(stack.close);
    const webhook = stack.functions.get(`${stackName}-webhook`);
    if (webhook === undefined) throw new Error("expected the package to have the function for webhooks");
    const { url: webhooksUrl, close: closeUrl } = await startFunctionUrl(webhook, ports.webhooks);
    closers.add(closeUrl);
    return {
      ...stack,
      chime,
      clock,
      scimUrl: scim.directory.baseUrlOf(scimSampleAccount.id),
      stackName,
      webhooksUrl,
      vendors,
      withScim,
      policyFile,
      policyCopies,
      endpoints: {
        AWS_ENDPOINT_URL_CHIME: chime.url,
        AWS_ENDPOINT_URL_DYNAMODB: stack.dynamo.url,
        AWS_ENDPOINT_URL_EVENTBRIDGE: stack.bus.url,
        AWS_ENDPOINT_URL_S3: stack.s3.url,
        AWS_ENDPOINT_URL_SQS: new URL(stack.queueUrl("any")).origin,
        AWS_ENDPOINT_URL_SSM: stack.ssm.url,
      },
      close: closers.closeAll,
    };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

/** The accounts that the directories have. */
export const seededAccounts: readonly string[] = [...Object.values(sampleAccounts), scimSampleAccount].map(
  ({ id }) => id,
);

function chimePeople(users: readonly SeededUser[], account: string) {
  return usersOf(users, account).map(({ email, license, isSuspended }) => ({
    email,
    ...(license !== undefined && { license }),
    registration: isSuspended ? ("Suspended" as const) : ("Registered" as const),
  }));
}

function scimPeople(users: readonly SeededUser[], account: string) {
  return usersOf(users, account).map(({ email, license = "Basic", isSuspended }) => ({
    userName: email,
    active: !isSuspended,
    userType: license,
  }));
}

function usersOf(users: readonly SeededUser[], account: string): SeededUser[] {
  return users.filter(({ accountId }) => accountId === account);
}

const stackName = `rollcall-${localStage}`;

/** The policy that is edited. The package may have an older one. */
export const projectPolicy = join(clone, "policy.yml");

/** Keeps the policy that the functions have, the account at the SCIM target included, for the commands. JSON is valid YAML. */
async function writePolicy(policy: Policy, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "policy.yml");
  await writeFile(file, `${JSON.stringify(policy, null, 2)}\n`);
  return file;
}
