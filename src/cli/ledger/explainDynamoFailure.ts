import type { CommandEnd } from "../commandEnd.ts";

type Failure = Exclude<CommandEnd, { kind: "done" }>;

export interface AskedTable {
  table: string;
  region: string;
  endpoint?: string;
}

interface Explanation {
  /** The error's name, or its code where the network failed. */
  name: RegExp;
  kind: Failure["kind"];
  say: (asked: AskedTable & { name: string; message: string }) => string;
}

/** By name, because DynamoDB answers 400 to nearly all of it. The first one that matches counts. */
const explanations: readonly Explanation[] = [
  {
    name: /^ResourceNotFound/,
    kind: "misused",
    say: ({ table, region, endpoint = region }) =>
      `there is no table ${table} at ${endpoint}; name another with --table, or another --region`,
  },
  {
    name: /^CredentialsProviderError$/,
    kind: "failed",
    say: ({ message }) =>
      `there are no AWS credentials to use (${message}); sign in, set AWS_PROFILE, or name a local --endpoint`,
  },
  {
    name: /Token|Unrecognized|Signature/,
    kind: "failed",
    say: ({ name }) => `AWS does not accept the credentials (${name}); sign in again, or check AWS_PROFILE`,
  },
  {
    name: /^AccessDenied/,
    kind: "failed",
    say: ({ table }) =>
      `these credentials may not read ${table}; they need dynamodb:Query on the table and on its indexes`,
  },
  {
    name: /Throttl|ThroughputExceeded|RequestLimitExceeded/,
    kind: "failed",
    say: ({ table, name }) => `DynamoDB throttles the requests to ${table} (${name}); try again in a minute`,
  },
  {
    // A POSIX code such as ECONNREFUSED is the network's; Node's own (`ERR_…`) speak of mistakes in a program.
    name: /^(TimeoutError|E(?!RR_)[A-Z_]+)$/,
    kind: "failed",
    say: ({ region, endpoint = region, name }) =>
      `DynamoDB cannot be reached at ${endpoint} (${name}); check the network, or name another --endpoint`,
  },
];

/**
 * Why the ledger could not be read, and what to do about it. Rethrows what was said by neither DynamoDB, nor its
 * client, nor the network.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function explainDynamoFailure(error: unknown, asked: AskedTable): Failure {
  if (!(error instanceof Error)) throw error;
  const { message } = error;
  const name = "code" in error ? String(error.code) : error.name;
  const known = explanations.find((explanation) => explanation.name.test(name));
  if (known !== undefined) return { kind: known.kind, message: known.say({ ...asked, name, message }) };
  if (!("$fault" in error)) throw error;
  return { kind: "failed", message: `DynamoDB refused to read ${asked.table}: ${name}: ${message}` };
}
