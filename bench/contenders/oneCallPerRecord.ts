import {
  BatchSuspendUserCommand,
  ChimeClient,
  ListUsersCommand,
  UpdateUserCommand,
} from "@aws-sdk/client-chime";
import middy from "@middy/core";
import sqsPartialBatchFailure from "@middy/sqs-partial-batch-failure";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { isLicenseType } from "../../src/directory/chime/chimeCapabilities.ts";
import type { HrEvent } from "../../src/events/hrEvent.ts";
import { parseEnvelope, parseHrEvent } from "../../src/events/parseEvent.ts";
import { accountFinder } from "../../src/policy/policyRules.ts";
import { benchPolicy } from "../scenarios/people.ts";
import { measured } from "./measured.ts";

// The SDK's defaults: keep-alive, at most 50 sockets, three attempts.
const chime = new ChimeClient({ region: "us-east-1" });
const findAccount = accountFinder(benchPolicy);

/**
 * A handler that makes one call for each record, all records of the batch at once:
 * https://middy.js.org/docs/middlewares/sqs-partial-batch-failure
 */
const handle = middy(({ Records }: SQSEvent) => Promise.allSettled(Records.map(processRecord))).use(
  sqsPartialBatchFailure({ logger: () => undefined }),
);

export const handler = measured(async (event, context) => handle(event, context));

/** Looks up the user unless the event has their id, and makes the call. Throws for a message that has to be retried. */
async function processRecord({ body }: SQSRecord): Promise<void> {
  const event = readEvent(body);
  const AccountId = findAccount(event.data.email)?.id;
  if (AccountId === undefined) throw new Error("the address belongs to no account of the policy");
  const UserId = event.data.userId ?? (await lookUp(AccountId, event.data.email));
  await change(event, { AccountId, UserId });
}

async function lookUp(AccountId: string, UserEmail: string): Promise<string> {
  const { Users = [] } = await chime.send(new ListUsersCommand({ AccountId, UserEmail }));
  const userId = Users[0]?.UserId;
  if (userId === undefined) throw new Error("the account has no user with this address");
  return userId;
}

async function change({ type, data }: HrEvent, user: { AccountId: string; UserId: string }): Promise<void> {
  if (type === "EmployeeLeft") {
    const { AccountId, UserId } = user;
    const { UserErrors = [] } = await chime.send(
      new BatchSuspendUserCommand({ AccountId, UserIdList: [UserId] }),
    );
    const [error] = UserErrors;
    if (error !== undefined) throw new Error(`${error.ErrorCode}: ${error.ErrorMessage}`);
  } else if (type === "LicenseChanged" && isLicenseType(data.licenseType)) {
    await chime.send(new UpdateUserCommand({ ...user, LicenseType: data.licenseType }));
  } else {
    throw new Error(`expected EmployeeLeft or LicenseChanged with a license; got ${type}`);
  }
}

/** Reads the HR event in a message's body by Rollcall's own schema. Throws for a malformed one. */
export function readEvent(body: string): HrEvent {
  const envelope = parseEnvelope(body);
  const parsed = envelope.ok ? parseHrEvent(envelope.type, envelope.detail) : envelope;
  if (parsed.ok) return parsed.event;
  throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join("; "));
}
