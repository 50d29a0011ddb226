import {
  BatchSuspendUserCommand,
  BatchUnsuspendUserCommand,
  BatchUpdateUserCommand,
  type ChimeClient,
  CreateAccountCommand,
  DeleteAccountCommand,
  GetAccountCommand,
  GetAccountSettingsCommand,
  GetUserCommand,
  InviteUsersCommand,
  ListAccountsCommand,
  ListUsersCommand,
  LogoutUserCommand,
  ResetPersonalPINCommand,
  UpdateAccountCommand,
  UpdateAccountSettingsCommand,
  UpdateUserCommand,
  type UpdateUserRequestItem,
  UserType,
} from "@aws-sdk/client-chime";
import type {
  DirectoryService,
  OpenService,
  OperationAnswer,
  OperationInput,
  OperationTarget,
} from "../serviceOperation.ts";
import { fromUserErrors, resultsFromInvites } from "./chimeCalls.ts";
import { toLicenseType } from "./chimeCapabilities.ts";
import { type ChimeEndpoint, chimeClients } from "./chimeClients.ts";
import type { ChimeClients } from "./chimeDirectory.ts";
import { toDirectoryError } from "./chimeFailures.ts";
import { chimeOperations } from "./chimeOperations.ts";

/** Amazon Chime's own operations, for an operator. */
export const chimeService: DirectoryService<{ aws?: ChimeEndpoint; clientTimeoutFactor?: number }> = {
  name: "chime",
  title: "Amazon Chime",
  operations: chimeOperations,
  namingFields: ["DisplayName", "PrimaryProvisionedNumber"],
  deletion: "DeleteAccount",
  open: ({ aws = {}, clientTimeoutFactor = 1 }) => openChimeService(chimeClients(aws, clientTimeoutFactor)),
};

function openChimeService(clients: ChimeClients): OpenService {
  return {
    async call(operation, input, signal) {
      const send = senders[operation];
      if (send === undefined) throw new RangeError(`Amazon Chime has no operation ${operation}`);
      // These have no idempotency token: a retry may mail, or create, twice.
      const client = madeOnce.has(operation) ? clients.single : clients.retrying;
      return translated(() => send(client, reader(operation, input), { abortSignal: signal }));
    },
    devicesOf: (accountId, signal) => translated(() => readDevices(clients.retrying, accountId, signal)),
    close() {
      clients.retrying.destroy();
      clients.single.destroy();
    },
  };
}

const madeOnce: ReadonlySet<string> = new Set(["InviteUsers", "CreateAccount"]);

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw toDirectoryError(error);
  }
}

/** A service that ignores the filter shows people too, so each is looked at. */
async function readDevices(
  client: ChimeClient,
  AccountId: string,
  abortSignal: AbortSignal,
): Promise<Set<string>> {
  const devices = new Set<string>();
  let NextToken: string | undefined;
  do {
    const command = new ListUsersCommand({ AccountId, UserType: "SharedDevice", MaxResults: 200, NextToken });
    const page = await client.send(command, { abortSignal });
    for (const { UserId, UserType: type } of page.Users ?? [])
      if (UserId !== undefined && type === "SharedDevice") devices.add(UserId);
    NextToken = page.NextToken || undefined;
  } while (NextToken !== undefined);
  return devices;
}

type Send = (
  client: ChimeClient,
  input: InputReader,
  options: { abortSignal: AbortSignal },
) => Promise<OperationAnswer>;

interface InputReader {
  /** Throws `RangeError` where it is missing. */
  id(name: string): string;
  text(name: string): string | undefined;
  count(name: string): number | undefined;
  onOff(name: string): boolean | undefined;
  targets(name: string): readonly OperationTarget[];
}

function reader(operation: string, input: OperationInput): InputReader {
  const fault = (name: string) => new RangeError(`${operation}: expected ${name}; got nothing that fits`);
  const text = (name: string) => {
    const { [name]: value } = input;
    if (value === undefined || typeof value === "string") return value;
    throw fault(name);
  };
  return {
    text,
    id(name) {
      const value = text(name);
      if (value === undefined || value.trim() === "") throw fault(name);
      return value;
    },
    count(name) {
      const { [name]: value } = input;
      if (value === undefined || typeof value === "number") return value;
      throw fault(name);
    },
    onOff(name) {
      const { [name]: value } = input;
      if (value === undefined || typeof value === "boolean") return value;
      throw fault(name);
    },
    targets(name) {
      const { [name]: value } = input;
      if (typeof value === "object" && value.length > 0) return value;
      throw fault(name);
    },
  };
}

const account = (input: InputReader) => ({ AccountId: input.id("AccountId") });
const accountAndUser = (input: InputReader) => ({ ...account(input), UserId: input.id("UserId") });
const pages = (input: InputReader) => ({
  MaxResults: input.count("MaxResults"),
  NextToken: input.text("NextToken"),
});
const typeOf = (input: InputReader) =>
  Object.values(UserType).find((type) => type === input.text("UserType"));
const licenseOf = (text: string | undefined) => (text === undefined ? undefined : toLicenseType(text));
const idsOf = (input: InputReader, name: string) => input.targets(name).map(({ target }) => target);

const senders: Readonly<Record<string, Send>> = {
  ListUsers: async (client, input, options) =>
    plain(
      await client.send(
        new ListUsersCommand({
          ...account(input),
          UserEmail: input.text("UserEmail"),
          UserType: typeOf(input),
          ...pages(input),
        }),
        options,
      ),
    ),
  GetUser: async (client, input, options) =>
    plain(await client.send(new GetUserCommand(accountAndUser(input)), options)),
  UpdateUser: async (client, input, options) =>
    plain(
      await client.send(new UpdateUserCommand({ ...accountAndUser(input), ...changeOf(input) }), options),
    ),
  async BatchUpdateUser(client, input, options) {
    const items = input.targets("UpdateUserRequestItems").map(({ target, value }) => ({
      UserId: target,
      ...changeOf(input),
      ...(value !== undefined && { LicenseType: toLicenseType(value) }),
    }));
    const command = new BatchUpdateUserCommand({ ...account(input), UpdateUserRequestItems: items });
    return batch(idsOf(input, "UpdateUserRequestItems"), await client.send(command, options));
  },
  async BatchSuspendUser(client, input, options) {
    const UserIdList = idsOf(input, "UserIdList");
    const command = new BatchSuspendUserCommand({ ...account(input), UserIdList });
    return batch(UserIdList, await client.send(command, options));
  },
  async BatchUnsuspendUser(client, input, options) {
    const UserIdList = idsOf(input, "UserIdList");
    const command = new BatchUnsuspendUserCommand({ ...account(input), UserIdList });
    return batch(UserIdList, await client.send(command, options));
  },
  async InviteUsers(client, input, options) {
    const UserEmailList = idsOf(input, "UserEmailList");
    const command = new InviteUsersCommand({ ...account(input), UserEmailList, UserType: typeOf(input) });
    const answer = await client.send(command, options);
    const { requestId } = answer.$metadata;
    return { ...plain(answer), results: resultsFromInvites(UserEmailList, answer.Invites ?? [], requestId) };
  },
  LogoutUser: async (client, input, options) =>
    plain(await client.send(new LogoutUserCommand(accountAndUser(input)), options)),
  ResetPersonalPIN: async (client, input, options) =>
    plain(await client.send(new ResetPersonalPINCommand(accountAndUser(input)), options)),
  ListAccounts: async (client, input, options) =>
    plain(
      await client.send(
        new ListAccountsCommand({
          Name: input.text("Name"),
          UserEmail: input.text("UserEmail"),
          ...pages(input),
        }),
        options,
      ),
    ),
  GetAccount: async (client, input, options) =>
    plain(await client.send(new GetAccountCommand(account(input)), options)),
  async CreateAccount(client, input, options) {
    const answer = await client.send(new CreateAccountCommand({ Name: input.id("Name") }), options);
    const createdAccountId = answer.Account?.AccountId;
    return { ...plain(answer), ...(createdAccountId !== undefined && { createdAccountId }) };
  },
  async UpdateAccount(client, input, options) {
    const DefaultLicense = licenseOf(input.text("DefaultLicense"));
    const command = new UpdateAccountCommand({ ...account(input), Name: input.text("Name"), DefaultLicense });
    return plain(await client.send(command, options));
  },
  DeleteAccount: async (client, input, options) =>
    plain(await client.send(new DeleteAccountCommand(account(input)), options)),
  GetAccountSettings: async (client, input, options) =>
    plain(await client.send(new GetAccountSettingsCommand(account(input)), options)),
  async UpdateAccountSettings(client, input, options) {
    const AccountSettings = {
      DisableRemoteControl: input.onOff("DisableRemoteControl"),
      EnableDialOut: input.onOff("EnableDialOut"),
    };
    const command = new UpdateAccountSettingsCommand({ ...account(input), AccountSettings });
    return plain(await client.send(command, options));
  },
};

/** What is not named is left as it is. */
function changeOf(input: InputReader): Omit<UpdateUserRequestItem, "UserId"> {
  const IsAlexaForBusinessEnabled = input.onOff("IsAlexaForBusinessEnabled");
  const AlexaForBusinessRoomArn = input.text("AlexaForBusinessRoomArn");
  const isAlexa = IsAlexaForBusinessEnabled !== undefined || AlexaForBusinessRoomArn !== undefined;
  return {
    LicenseType: licenseOf(input.text("LicenseType")),
    UserType: typeOf(input),
    ...(isAlexa && { AlexaForBusinessMetadata: { IsAlexaForBusinessEnabled, AlexaForBusinessRoomArn } }),
  };
}

interface SdkAnswer {
  $metadata: { requestId?: string | undefined };
  NextToken?: string | undefined;
}

/** The answer as JSON has it, without the metadata of the call, and without any PIN: that is a user's secret. */
function plain(answer: SdkAnswer): OperationAnswer {
  const { $metadata, NextToken, ...rest } = answer;
  const body: Record<string, unknown> = JSON.parse(
    JSON.stringify(rest, (key, value) => (key === "PersonalPIN" ? undefined : value)),
  );
  return {
    requestId: $metadata.requestId,
    body,
    ...(NextToken && { nextPageToken: NextToken }),
  };
}

function batch(targets: readonly string[], answer: Parameters<typeof fromUserErrors>[1]): OperationAnswer {
  return { ...plain(answer), results: fromUserErrors(targets, answer).results };
}
