import { DescribeEventBusCommand } from "@aws-sdk/client-eventbridge";
import type { AccountSettings } from "../../../directory/kinds/directoryKinds.ts";
import type { Finding, Probe } from "../../../operations/settings/diagnose.ts";
import {
  type DirectoryInspection,
  inspectDirectories,
} from "../../../operations/settings/inspectDirectories.ts";
import { countOf, durationText } from "../../../operations/words/plainWords.ts";
import type { Policy } from "../../../policy/policy.ts";
import { createEventBridgeClient } from "../../awsClients.ts";
import type { CommandFailure } from "../../commandResult.ts";
import { type OpenLedger, useLedger, withQueueDepths } from "../../composition.ts";
import type { DirectoryOptions } from "../../options.ts";
import { nameIn, type Target } from "../../target.ts";
import { openAccounts } from "../directory/openAccounts.ts";

/** The parts of a stage that need AWS, each with the permission that reading it takes. */
export function stageProbes(target: Target): Probe[] {
  const needs = ["credentials"];
  return [
    {
      name: "ledger",
      needs,
      look: () => readLedger(target, "dynamodb:GetItem", ({ pauses }) => pauses.list()),
    },
    {
      name: "ledger queries",
      needs: ["ledger"],
      look: () => readLedger(target, "dynamodb:Query on the table", ({ safeguard }) => safeguard.list()),
    },
    {
      name: "ledger indexes",
      needs: ["ledger"],
      look: () => readLedger(target, "dynamodb:Query on the table's indexes", readIndexes),
    },
    { name: "queues", needs, look: () => readQueues(target) },
    { name: "event bus", needs, look: () => readBus(target) },
    { name: "clock", needs: ["ledger"], look: () => compareClocks(target) },
  ];
}

async function readLedger(
  target: Target,
  permission: string,
  read: (ledger: OpenLedger) => Promise<unknown>,
): Promise<Finding> {
  const used = await useLedger(target, {}, read);
  return used.kind === "used"
    ? { state: "ok", detail: `${nameIn(target, "table")} answers (${permission})` }
    : toFinding(used, `grant ${permission}`);
}

/** One question to each index; nobody has the address, and an hour ago is soon over. */
async function readIndexes({ held, history, now }: OpenLedger): Promise<void> {
  for await (const _ of held.list()) break;
  for await (const _ of history.latest(now() - 1, now())) break;
  await history.peopleAt("nobody@example.invalid");
}

/** The remedy stands for itself: the message has it at its end. */
function toFinding({ message, next, code }: CommandFailure, otherwise: string): Finding {
  const remedy = code === "accessDenied" ? otherwise : (next ?? otherwise);
  return { state: "failed", detail: next === undefined ? message : message.replace(`; ${next}`, ""), remedy };
}

async function readQueues(target: Target): Promise<Finding> {
  const read = await withQueueDepths(target, (queues) => queues.read());
  if (!Array.isArray(read))
    return toFinding(read, "grant sqs:GetQueueUrl and GetQueueAttributes on the queues");
  const dead = read.reduce((sum, { deadLetters }) => sum + deadLetters, 0);
  const detail = `${countOf(read.length, "pipeline")} of ${nameIn(target, "stack")}, with ${countOf(dead, "dead letter")}`;
  return { state: "ok", detail };
}

async function readBus(target: Target): Promise<Finding> {
  const { region, endpoints } = target;
  const endpoint = endpoints.eventBridge;
  const client = createEventBridgeClient({ region, ...(endpoint !== undefined && { endpoint }) });
  const name = nameIn(target, "bus");
  try {
    await client.send(new DescribeEventBusCommand({ Name: name }));
    return { state: "ok", detail: `${name} is there` };
  } catch (error) {
    const code = error instanceof Error ? error.name : String(error);
    if (code === "ResourceNotFoundException")
      return {
        state: "failed",
        detail: `there is no event bus ${name} in ${region}, and what is sent to it would be lost`,
        remedy: "deploy the stage, or name another with --stage, --bus or --region",
      };
    const remedy = "grant events:DescribeEventBus and events:PutEvents, or check the network";
    return { state: "warning", detail: `${name} could not be looked at (${code})`, remedy };
  } finally {
    client.destroy();
  }
}

/** AWS refuses a request that is signed five minutes off, and times that an operator types are by this clock. */
const refusedSeconds = 300;
const noticedSeconds = 30;
/** `databaseNow` is so much slow. */
const marginSeconds = 5;

async function compareClocks(target: Target): Promise<Finding> {
  const used = await useLedger(target, {}, async ({ pauses, databaseNow }) => {
    await pauses.list();
    return Math.round((Date.now() - databaseNow()) / 1000) - marginSeconds;
  });
  if (used.kind !== "used") return toFinding(used, "grant dynamodb:GetItem on the table");
  const seconds = Math.abs(used.value);
  if (seconds < noticedSeconds)
    return { state: "ok", detail: "this computer's clock agrees with DynamoDB's" };
  const side = used.value > 0 ? "ahead of" : "behind";
  return {
    state: seconds >= refusedSeconds ? "failed" : "warning",
    detail: `this computer's clock is ${durationText(seconds)} ${side} DynamoDB's`,
    remedy: "let the computer set its clock by the network (NTP)",
  };
}

/** One for each account of the policy. Nothing is changed, and nobody is named. */
export function directoryProbes(policy: Policy | undefined, options: DirectoryOptions): Probe[] {
  return (policy?.accounts ?? []).map((account) => ({
    name: `directory ${account.id}`,
    needs: ["policy"],
    look: () => askDirectory(account, options),
  }));
}

async function askDirectory(account: AccountSettings, options: DirectoryOptions): Promise<Finding> {
  const { directory, close } = openAccounts([account], options);
  try {
    const [inspection] = await inspectDirectories([account.id], directory);
    return inspection === undefined
      ? { state: "failed", detail: "it was not asked", remedy: "run rollcall directory check" }
      : ofInspection(inspection);
  } finally {
    close();
  }
}

const remedies: Record<DirectoryInspection["steps"][number]["step"], string> = {
  account: "check the account's id in policy.yml, the credentials, and the permissions or the secret",
  users: "grant the permission to list users, or a token that may read them",
  user: "rollcall directory check says more; docs/targets.md has what each service needs",
};

function ofInspection({ type, steps, accountId }: DirectoryInspection): Finding {
  const wrong = steps.find(({ ok }) => !ok);
  if (wrong === undefined)
    return { state: "ok", detail: `${type ?? accountId} answers as provisioning needs it` };
  const detail = wrong.code === undefined ? wrong.detail : `${wrong.code}: ${wrong.detail}`;
  return { state: "failed", detail, remedy: remedies[wrong.step] };
}
