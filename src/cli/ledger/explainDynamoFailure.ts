import { explainAwsFailure, type FailureExplanation } from "../aws/explainAwsFailure.ts";

export interface AskedTable {
  table: string;
  region: string;
  endpoint?: string;
}

/** By name, because DynamoDB answers 400 to nearly all of it. */
const explanations: readonly FailureExplanation[] = [
  {
    name: /^ResourceNotFound/,
    kind: "misused",
    say: ({ resource, region, endpoint = region }) =>
      `there is no table ${resource} at ${endpoint}; name another with --table, or another --region`,
  },
  {
    name: /^AccessDenied/,
    kind: "failed",
    say: ({ resource }) =>
      `these credentials may not read ${resource}; they need dynamodb:Query on the table and on its indexes`,
  },
];

/**
 * Why the ledger could not be read, and what to do about it. Rethrows what was said by neither DynamoDB, nor its
 * client, nor the network.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function explainDynamoFailure(error: unknown, { table, ...place }: AskedTable) {
  return explainAwsFailure(error, { service: "DynamoDB", resource: table, ...place }, explanations);
}
