import type { TargetResult } from "./directory.ts";

/**
 * A service whose operations an operator may call one by one, for what only that service has. Each operation is described by data, from
 * which its command, its help and its checks are made.
 */
export interface DirectoryService<Options> {
  /** The word for it on the command line. */
  name: string;
  /** What people call it. */
  title: string;
  operations: readonly ServiceOperation[];
  /** Fields of its answers that name a person. */
  namingFields: readonly string[];
  /** The operation that deletes an account whose users are all suspended. */
  deletion: string;
  open(options: Options): OpenService;
}

export interface OpenService {
  /** Makes one call. Throws `DirectoryError`, and `RangeError` for an input that the table does not allow. */
  call(operation: string, input: OperationInput, signal: AbortSignal): Promise<OperationAnswer>;
  /** Ids of an account's rooms and other shared devices, which are nobody. Throws `DirectoryError`. */
  devicesOf(accountId: string, signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** Lets go of the connections. */
  close(): void;
}

export interface ServiceOperation {
  /** The service's own name of it. */
  name: string;
  /** On the command line. */
  command: string;
  /** A sentence. */
  summary: string;
  /** What else its documentation says, a paragraph each. */
  notes: readonly string[];
  /** It writes: so it asks, and is on record. */
  changes?: true;
  /** In the order of the help. */
  parameters: readonly OperationParameter[];
  /** It takes a list, which is cut into calls of at most so many. */
  batch?: {
    parameter: string;
    most: number;
    /** The choice that a line of a file may name behind a comma, for its target alone. */
    ofEach?: string;
  };
  /** It lists, page by page: the field of the answer, and which fields of an item tell the most. */
  pages?: { list: string; columns: readonly string[] };
  /** Its user ids have to be those of people. */
  aboutPeople?: true;
  /** The event that does the same in HR's order, and how it is not the same. */
  byEvent?: string;
  /** What follows the command's name. */
  examples: readonly string[];
}

export interface OperationParameter {
  /** The service's own name of it. In every table `AccountId`, `UserId` and `NextToken` mean the account, the user and the page. */
  name: string;
  /** Such as `--user`. */
  flag: string;
  kind: "text" | "address" | "count" | "onOff" | "choice" | "targets";
  isRequired?: true;
  /** Of a choice. */
  choices?: readonly string[];
  /** Of a count, or the characters of a text. */
  most?: number;
  description: string;
}

/** One of a list: a user's id or an address, with what it is to be given, where the operation takes such. */
export interface OperationTarget {
  target: string;
  value?: string;
}

/** By the service's names of the parameters. */
export type OperationInput = Readonly<
  Record<string, string | number | boolean | readonly OperationTarget[] | undefined>
>;

export interface OperationAnswer {
  requestId: string | undefined;
  /** The service's answer, without secrets such as a PIN. */
  body: Readonly<Record<string, unknown>>;
  /** Of a batch: one result for each target. */
  results?: ReadonlyMap<string, TargetResult>;
  nextPageToken?: string;
  /** Of an account that the call has made. */
  createdAccountId?: string;
}
