import { z } from "zod";
import { type ExceptionName, exceptionOfCode, type Refusal, refuse, type UserError } from "./chimeApi.ts";
import {
  type AccountRecord,
  type DirectoryState,
  findAllByEmail,
  findById,
  type User,
} from "./directoryState.ts";
import { nonBlank } from "./inputFields.ts";
import { type Labels, type OperationName, operationRow } from "./operationTable.ts";
import type { UserFault } from "./scriptedFault.ts";

/** The answer of an operation, before any fault of the call as a whole. */
export type Answer = Refusal | Answered;
export interface Answered {
  kind: "answered";
  body?: object;
  userErrors?: readonly UserError[];
  /** The addresses that an invitation was mailed to. */
  mailedTo?: readonly string[];
}

interface OperationRequest {
  operation: OperationName;
  labels: Labels;
  /** The fields of the body and of the query, unchecked. */
  fields: unknown;
}

/** What an operation may use besides its request. */
export interface ServiceContext {
  state: DirectoryState;
  settings: SimulatorSettings;
  /** Milliseconds since the epoch. */
  now(): number;
  userFault(sent: string): UserFault | undefined;
}

export type Operation = (request: OperationRequest, context: ServiceContext) => Answer;

/** Makes an operation on the directory as a whole: only its input is checked. */
export function onDirectory<Input>(
  input: z.ZodType<Input>,
  run: (input: Input, context: ServiceContext) => Answer,
): Operation {
  return ({ operation, fields }, context) => {
    const parsed = input.safeParse(fields);
    return parsed.success ? run(parsed.data, context) : malformed(operation, parsed.error);
  };
}

/** Makes an operation on one account, which must exist, be active and have a type that allows the operation. */
export function onAccount<Input>(
  input: z.ZodType<Input>,
  run: (input: Input, record: AccountRecord, context: ServiceContext) => Answer,
): Operation {
  return (request, context) => {
    const label = nonBlank.safeParse(request.labels.AccountId);
    if (!label.success) return malformed(`${request.operation}, AccountId`, label.error);
    const checked = onDirectory(input, (data) => {
      const record = context.state.accounts.get(label.data);
      if (record === undefined) return refuse("NotFoundException", `There is no account ${label.data}.`);
      return refuseByAccount(request.operation, record, context) ?? run(data, record, context);
    });
    return checked(request, context);
  };
}

/** Makes an operation on one user. A fault scripted for the user becomes the exception of its code. */
export function onUser<Input>(
  input: z.ZodType<Input>,
  run: (input: Input, user: User, record: AccountRecord, context: ServiceContext) => Answer,
): Operation {
  return (request, context) => {
    const label = nonBlank.safeParse(request.labels.UserId);
    if (!label.success) return malformed(`${request.operation}, UserId`, label.error);
    const checked = onAccount(input, (data, record) => {
      const user = visibleById(record, label.data, context.settings);
      if (user === undefined) return refuse("NotFoundException", `There is no user ${label.data}.`);
      const failure = reportedFailure(context.userFault(label.data));
      if (failure === undefined) return run(data, user, record, context);
      const refusal = refuse(exceptionOfCode(failure.code), failure.message);
      if (!failure.takesEffect) return refusal;
      run(data, user, record, context);
      return { ...refusal, tookEffect: true };
    });
    return checked(request, context);
  };
}

/**
 * Returns the error that a fault reports for a user; `undefined` for no fault, and for a user who is left out of the
 * answer.
 */
function reportedFailure(
  fault: UserFault | undefined,
): { code: string; message: string; takesEffect: boolean } | undefined {
  if (fault === undefined || fault.kind === "leftOut") return undefined;
  const code = fault.kind === "userError" ? fault.code : "ServiceFailure";
  const message = fault.kind === "userError" ? fault.message : undefined;
  return { code, message: message ?? "A scripted fault.", takesEffect: fault.takesEffect ?? false };
}

function refuseByAccount(
  operation: OperationName,
  { account }: AccountRecord,
  { settings }: ServiceContext,
): Refusal | undefined {
  const { accountTypes, needsActiveAccount } = operationRow(operation);
  if (needsActiveAccount && account.status === "Suspended") {
    return refuse(settings.suspendedAccountError, `Account ${account.id} is suspended.`);
  }
  if (accountTypes === undefined || accountTypes.includes(account.type)) return undefined;
  return refuse(
    settings.wrongAccountTypeError,
    `${operation} expects an account of type ${accountTypes.join(" or ")}, got ${account.type}.`,
  );
}

function malformed(subject: string, error: z.ZodError): Refusal {
  return refuse("BadRequestException", `${subject}: ${z.prettifyError(error)}`);
}

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
 * Applies a change to each user of a batch, in the order of the call. The call as a whole succeeds: users who fail
 * are listed in `UserErrors`.
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

/** Finds the first value that occurs twice. */
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

/** Says whether the API shows the user: see `suspendedTeamUsers` in the settings. */
export function isVisible(user: User, { account }: AccountRecord, settings: SimulatorSettings): boolean {
  const reading = account.suspendedUsers ?? settings.suspendedTeamUsers;
  if (reading === "listed" || account.type !== "Team") return true;
  return user.registration !== "Suspended";
}

function visibleById(record: AccountRecord, id: string, settings: SimulatorSettings): User | undefined {
  const user = findById(record, id);
  return user !== undefined && isVisible(user, record, settings) ? user : undefined;
}

export function visibleByEmail(record: AccountRecord, email: string, settings: SimulatorSettings): User[] {
  return findAllByEmail(record, email).filter((user) => isVisible(user, record, settings));
}

/** Settings for what the documentation leaves open, and for where the simulator is stricter than the service. */
export interface SimulatorSettings {
  /** Refuses a call that carries a user twice. The service may accept it, but it is a mistake of the caller. */
  refuseDuplicates: boolean;
  /**
   * How a suspended user of a Team account appears until the next invitation. `listed`: with the status `Suspended`.
   * `absent`: unknown to every operation but the invitation. See `userOperations.ts`.
   */
  suspendedTeamUsers: "listed" | "absent";
  /**
   * Who comes of an invitation of a suspended user. `restored`: the same user. `new`: a user with an id of their own, and the
   * suspended one stays suspended, as `suspendedTeamUsers` says.
   */
  reinvitedTeamUsers: "restored" | "new";
  /** The exception for an operation that the account's type does not allow. */
  wrongAccountTypeError: ExceptionName;
  /** The exception for an account whose `AccountStatus` is `Suspended`. */
  suspendedAccountError: ExceptionName;
  /** The largest body that is accepted. 50 ids or addresses of the usual length take 4 kB. */
  maximumBodyBytes: number;
}

export const defaultSettings: SimulatorSettings = {
  refuseDuplicates: true,
  suspendedTeamUsers: "listed",
  reinvitedTeamUsers: "restored",
  wrongAccountTypeError: "BadRequestException",
  suspendedAccountError: "ForbiddenException",
  maximumBodyBytes: 256 * 1024,
};
