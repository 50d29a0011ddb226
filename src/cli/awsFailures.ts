import { DirectoryError } from "../directory/directory.ts";
import { readingActions } from "../directory/directoryKind.ts";
import { allKinds } from "../directory/kinds/directoryKinds.ts";
import type { CommandFailure, ErrorCode } from "./commandResult.ts";

/** Which resource was requested, and where. */
interface AwsRequest {
  service: string;
  /** Such as a table's name. */
  resource: string;
  region: string;
  endpoint?: string;
}

interface FailureExplanation {
  /** The error's name, or its code where the network failed. */
  name: RegExp;
  kind: CommandFailure["kind"];
  code: ErrorCode;
  tell: (request: AwsRequest & { name: string; message: string }) => Told;
}

/** What is wrong, and what to do about it. */
interface Told {
  fact: string;
  next: string;
}

/** Failures that every service has. */
const ofEveryService: readonly FailureExplanation[] = [
  {
    name: /^CredentialsProviderError$/,
    code: "noCredentials",
    kind: "failed",
    tell: ({ message }) => ({
      fact: `there are no AWS credentials to use (${message})`,
      next: "sign in, set AWS_PROFILE, or name a local --endpoint",
    }),
  },
  {
    name: /Token|Unrecognized|Signature/,
    code: "credentialsRefused",
    kind: "failed",
    tell: ({ name }) => ({
      fact: `AWS does not accept the credentials (${name})`,
      next: "sign in again, or check AWS_PROFILE",
    }),
  },
  {
    name: /Throttl|ThroughputExceeded|RequestLimitExceeded/,
    code: "throttled",
    kind: "failed",
    tell: ({ service, resource, name }) => ({
      fact: `${service} throttles the requests to ${resource} (${name})`,
      next: "try again in a minute",
    }),
  },
  {
    // A POSIX code such as ECONNREFUSED is the network's; Node's own (`ERR_…`) speak of mistakes in a program.
    name: /^(TimeoutError|E(?!RR_)[A-Z_]+)$/,
    code: "unreachable",
    kind: "failed",
    tell: ({ service, region, endpoint = region, name }) => ({
      fact: `${service} cannot be reached at ${endpoint} (${name})`,
      next: "check the network, or name another --endpoint",
    }),
  },
];

/**
 * Explains why a request to AWS failed, and what to do about it: by the service's `own` explanations, then by those of
 * every service. Rethrows an error that is neither the service's, nor its client's, nor the network's.
 */
function explainAwsFailure(
  error: unknown,
  request: AwsRequest,
  own: readonly FailureExplanation[],
): CommandFailure {
  if (!(error instanceof Error)) throw error;
  const { message } = error;
  const name = "code" in error ? String(error.code) : error.name;
  const known = [...own, ...ofEveryService].find((explanation) => explanation.name.test(name));
  if (known !== undefined) {
    const { kind, code } = known;
    const { fact, next } = known.tell({ ...request, name, message });
    return { kind, code, message: `${fact}; ${next}`, next };
  }
  if (!("$fault" in error)) throw error;
  return {
    kind: "failed",
    message: `${request.service} refused to read ${request.resource}: ${name}: ${message}`,
  };
}

export interface LedgerRequest {
  table: string;
  region: string;
  endpoint?: string;
  /** The permissions that a change takes, as in `dynamodb:PartiQLUpdate on the table`; left out for reading. */
  toChange?: string;
}

/** By name, because DynamoDB answers 400 to nearly all of it. */
const dynamoExplanations = (toChange: string | undefined): readonly FailureExplanation[] => [
  {
    name: /^ResourceNotFound/,
    code: "notFound",
    kind: "misused",
    tell: ({ resource, region, endpoint = region }) => ({
      fact: `there is no table ${resource} at ${endpoint}`,
      next: "name another with --stage or --table, or another --region",
    }),
  },
  {
    name: /^AccessDenied/,
    code: "accessDenied",
    kind: "failed",
    tell: ({ resource }) =>
      toChange === undefined
        ? {
            fact: `these credentials may not read ${resource}`,
            next: "they need dynamodb:Query on the table and on its indexes",
          }
        : { fact: `these credentials may not change ${resource}`, next: `they need ${toChange}` },
  },
];

/**
 * Explains why the ledger could not be used, and what to do about it. Rethrows an error that is neither DynamoDB's, nor its
 * client's, nor the network's.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function explainDynamoFailure(error: unknown, { table, toChange, ...place }: LedgerRequest) {
  const request = { service: "DynamoDB", resource: table, ...place };
  return explainAwsFailure(error, request, dynamoExplanations(toChange));
}

/** The client gives SQS's errors their names of the JSON protocol; the older one has a prefix. */
const sqsExplanations: readonly FailureExplanation[] = [
  {
    name: /QueueDoesNotExist|NonExistentQueue/,
    code: "notFound",
    kind: "misused",
    tell: ({ resource, region, endpoint = region }) => ({
      fact: `there are no ${resource} at ${endpoint}`,
      next: "name another with --stage or --stack, or another --region",
    }),
  },
  {
    name: /^AccessDenied/,
    code: "accessDenied",
    kind: "failed",
    tell: ({ resource, message }) => ({
      fact: `these credentials may not use ${resource} (${message})`,
      next: "docs/operations.md lists what they need",
    }),
  },
];

/**
 * Explains why the queues of a stack could not be used, and what to do about it. Rethrows an error that is neither SQS's,
 * nor its client's, nor the network's.
 */
export function explainSqsFailure(
  error: unknown,
  { stack, ...place }: { stack: string; region: string; endpoint?: string },
) {
  const request = { service: "SQS", resource: `queues of ${stack}`, ...place };
  return explainAwsFailure(error, request, sqsExplanations);
}

/** Explains why AWS did not say who calls. Rethrows an error that is neither STS's, nor its client's, nor the network's. */
export function explainStsFailure(error: unknown, place: { region: string; endpoint?: string }) {
  return explainAwsFailure(error, { service: "STS", resource: "the caller's identity", ...place }, []);
}

/** The IAM actions that a command needs to read whole accounts. */
export function readingPermissionsText(): string {
  return allKinds.flatMap(readingActions).join(" and ");
}

function directoryEndpointFlags(): string[] {
  return allKinds.flatMap(({ endpoint }) => (endpoint === undefined ? [] : [endpoint.flag]));
}

/** Explains why the directory could not be read. Rethrows an error that is not the directory's. */
export function explainDirectoryFailure(error: unknown): CommandFailure {
  if (!(error instanceof DirectoryError)) throw error;
  const advice =
    error.failure.class === "configuration"
      ? `check the AWS credentials, the permissions ${readingPermissionsText()} (or ssm:GetParameter on the secret), and the accounts of the policy; rollcall directory check tells which`
      : `try again in a minute, or name another ${directoryEndpointFlags().join(" or ")}`;
  return {
    kind: "failed",
    message: `the directory could not be read: ${error.message}; ${advice}. Nothing was published`,
  };
}
