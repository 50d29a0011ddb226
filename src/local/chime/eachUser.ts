import type { AccountRecord } from "./directoryState.ts";
import { type Refusal, refuse } from "./exceptions.ts";
import { type Answered, reportedFailure, type ServiceContext } from "./perform.ts";
import type { User } from "./user.ts";
import { visibleById } from "./visibility.ts";
import type { UserError } from "./vocabulary.ts";

/** Why one user of a batch was not changed. */
interface UserRefusal {
  code: string;
  message: string;
}

export interface UserBatch<Item> {
  items: readonly Item[];
  idOf(item: Item): string;
  record: AccountRecord;
  context: ServiceContext;
  change(user: User, item: Item): UserRefusal | undefined;
}

/**
 * Applies a change to each user of a batch, in the order of the call. One user's failure is no other user's
 * business, and the call as a whole succeeds: the failures come back as `UserErrors`, an empty list if none.
 */
export function eachUser<Item>(batch: UserBatch<Item>): Answered | Refusal {
  const repeated = firstRepeated(batch.items.map(batch.idOf));
  if (batch.context.settings.refuseDuplicates && repeated !== undefined) return refuseRepeated(repeated);
  const userErrors = batch.items.flatMap((item) => {
    const failure = changeOne(item, batch);
    return failure === undefined ? [] : [toUserError(batch.idOf(item), failure)];
  });
  return { kind: "answered", body: { UserErrors: userErrors }, userErrors };
}

/** The first value that occurs a second time. */
export function firstRepeated(values: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return values.find((value) => seen.size === seen.add(value).size);
}

export function refuseRepeated(value: string): Refusal {
  return refuse("BadRequestException", `Expected each user once in a call, got ${value} twice.`);
}

function changeOne<Item>(item: Item, { idOf, record, context, change }: UserBatch<Item>) {
  const id = idOf(item);
  const attempt = (): UserRefusal | undefined => {
    const user = visibleById(record, id, context.settings);
    return user === undefined ? { code: "NotFound", message: `There is no user ${id}.` } : change(user, item);
  };
  const fault = context.userFault(id);
  if (fault === undefined) return attempt();
  if (fault.takesEffect) attempt();
  return reportedFailure(fault);
}

function toUserError(id: string, { code, message }: UserRefusal): UserError {
  return { UserId: id, ErrorCode: code, ErrorMessage: message };
}
