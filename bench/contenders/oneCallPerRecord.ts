import {
  BatchSuspendUserCommand,
  ChimeClient,
  ListUsersCommand,
  UpdateUserCommand,
} from "@aws-sdk/client-chime";
import type { SQSRecord } from "aws-lambda";
import { isLicenseType } from "../../src/directory/chime/chimeCapabilities.ts";
import type { HrEvent } from "../../src/events/hrEvent.ts";
import { parseEnvelope, parseHrEvent } from "../../src/events/parseEvent.ts";
import { accountFinder } from "../../src/policy/policyRules.ts";
import { benchPolicy } from "../scenarios/people.ts";

// As the SDK comes: keep-alive, at most 50 sockets, three attempts.
const chime = new ChimeClient({ region: "us-east-1" });
const findAccount = accountFinder(benchPolicy);

/**
 * What a handler does that treats each message by itself: one call that changes the user, and one before it to look up
 * an id that the event does not name. Throws for a message that has to come again, as both libraries want it.
 */
export async function oneCallPerRecord({ body }: SQSRecord): Promise<void> {
  await carryOut(readEvent(body));
}

/** As `oneCallPerRecord`, of an event that was read. */
export async function carryOut(event: HrEvent): Promise<void> {
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
    throw new Error(`the bench has no call for ${type}`);
  }
}

/** The HR event in a message's body, checked by the same schema as in Rollcall. Throws for a malformed one. */
export function readEvent(body: string): HrEvent {
  const envelope = parseEnvelope(body);
  const parsed = envelope.ok ? parseHrEvent(envelope.type, envelope.detail) : envelope;
  if (parsed.ok) return parsed.event;
  throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join("; "));
}
