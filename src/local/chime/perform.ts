import { z } from "zod";
import type { AccountRecord, DirectoryState } from "./directoryState.ts";
import { exceptionOfCode, type Refusal, refuse } from "./exceptions.ts";
import type { UserFault } from "./fault.ts";
import { nonBlank } from "./inputFields.ts";
import { type OperationName, operationRow } from "./operationTable.ts";
import type { Labels } from "./router.ts";
import type { SimulatorSettings } from "./settings.ts";
import type { User } from "./user.ts";
import { visibleById } from "./visibility.ts";
import type { UserError } from "./vocabulary.ts";

/** What an operation answers, before any fault of the call as a whole. */
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
  /** The members of the body and of the query, unchecked. */
  fields: unknown;
}

/** What an operation may use beside its request. */
export interface ServiceContext {
  state: DirectoryState;
  settings: SimulatorSettings;
  /** Milliseconds since the epoch. */
  now(): number;
  userFault(sent: string): UserFault | undefined;
}

export type Perform = (request: OperationRequest, context: ServiceContext) => Answer;

/** An operation on the directory as a whole: its input is checked, the rest is its own. */
export function onDirectory<Input>(
  input: z.ZodType<Input>,
  run: (input: Input, context: ServiceContext) => Answer,
): Perform {
  return ({ operation, fields }, context) => {
    const parsed = input.safeParse(fields);
    return parsed.success ? run(parsed.data, context) : malformed(operation, parsed.error);
  };
}

/** An operation on one account, which must exist, be active and have the type that the operation needs. */
export function onAccount<Input>(
  input: z.ZodType<Input>,
  run: (input: Input, record: AccountRecord, context: ServiceContext) => Answer,
): Perform {
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

/** An operation on one user. A fault scripted for the user becomes the exception of its code. */
export function onUser<Input>(
  input: z.ZodType<Input>,
  run: (input: Input, user: User, record: AccountRecord, context: ServiceContext) => Answer,
): Perform {
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

/** The error that a fault reports for a user; `undefined` for none, and for a user whom the answer leaves out. */
export function reportedFailure(
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
