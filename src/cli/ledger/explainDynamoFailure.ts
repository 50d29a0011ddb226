import { explainAwsFailure, type FailureExplanation } from "../aws/explainAwsFailure.ts";

export interface AskedTable {
  table: string;
  region: string;
  endpoint?: string;
  /** What it takes to do what was asked, if that was more than reading; as in `dynamodb:UpdateItem on the table`. */
  toChange?: string;
}

/** By name, because DynamoDB answers 400 to nearly all of it. */
const explanationsFor = (toChange: string | undefined): readonly FailureExplanation[] => [
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
      toChange === undefined
        ? `these credentials may not read ${resource}; they need dynamodb:Query on the table and on its indexes`
        : `these credentials may not change ${resource}; they need ${toChange}`,
  },
];

/**
 * Why the ledger could not be used, and what to do about it. Rethrows what was said by neither DynamoDB, nor its
 * client, nor the network.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function explainDynamoFailure(error: unknown, { table, toChange, ...place }: AskedTable) {
  const asked = { service: "DynamoDB", resource: table, ...place };
  return explainAwsFailure(error, asked, explanationsFor(toChange));
}
