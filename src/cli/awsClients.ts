import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { isLoopback } from "./target.ts";

/** Which AWS a command talks to, by its options. */
export interface Endpoint {
  endpoint?: string;
  region?: string;
}

const requestTimeoutMilliseconds = 10_000;
const connectionTimeoutMilliseconds = 3_000;

/** A throttled request is tried for about two seconds, because somebody waits for it. The caller destroys the client. */
export function createDynamoClient(endpoint: Endpoint): DynamoDBClient {
  return new DynamoDBClient({ ...clientSettings(endpoint), maxAttempts: 3 });
}

/** A throttled request is tried for about two seconds, because somebody waits for it. The caller destroys the client. */
export function createSqsClient(endpoint: Endpoint): SQSClient {
  return new SQSClient({ ...clientSettings(endpoint), maxAttempts: 3 });
}

/**
 * The SDK's own retries are off: `putUntilSettled` retries, knows which entries are left, and stops when the user asks.
 * The caller destroys the client.
 */
export function createEventBridgeClient(endpoint: Endpoint): EventBridgeClient {
  return new EventBridgeClient({ ...clientSettings(endpoint), maxAttempts: 1 });
}

/** Every command asks it once, so that it has less time than the others. The caller destroys the client. */
export function createStsClient(endpoint: Endpoint): STSClient {
  const requestHandler = { requestTimeout: 3000, throwOnRequestTimeout: true, connectionTimeout: 2000 };
  return new STSClient({ ...clientSettings(endpoint), requestHandler, maxAttempts: 2 });
}

/**
 * Asks AWS who calls. It takes no permission, and no policy can forbid it. Throws what the SDK throws.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function findCaller(sts: STSClient): Promise<{ account: string; caller: string }> {
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
  if (Account === undefined || Arn === undefined)
    throw new Error("expected STS to name the caller's account and ARN; got neither");
  return { account: Account, caller: Arn };
}

/** Where a client is, for a service that brings its own timeouts. */
export function endpointSettings({ endpoint, region }: Endpoint) {
  const isLocal = endpoint !== undefined && isLoopback(endpoint);
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    ...(isLocal && localDefaults(region)),
  };
}

function clientSettings(endpoint: Endpoint) {
  return {
    ...endpointSettings(endpoint),
    requestHandler: {
      requestTimeout: requestTimeoutMilliseconds,
      throwOnRequestTimeout: true,
      connectionTimeout: connectionTimeoutMilliseconds,
    },
  };
}

/** A local stack asks nobody who they are, so the real credentials must not be sent to it. */
function localDefaults(region = "us-east-1") {
  return { region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
}

interface RegionalClient {
  config: { region: () => Promise<string> };
}

/** The region of a client; or why there is none, and what to do about it. */
export type FoundRegion = { kind: "found"; region: string } | { kind: "none"; message: string };

/** Finds the region that a client will use. The SDK looks for it, and checks it, only when it is wanted. */
export async function findRegion(client: RegionalClient): Promise<FoundRegion> {
  try {
    return { kind: "found", region: await client.config.region() };
  } catch (error) {
    return { kind: "none", message: explainNoRegion(error) };
  }
}

function explainNoRegion(error: unknown): string {
  const told = error instanceof Error ? error.message : String(error);
  return told === "Region is missing"
    ? "no AWS region is configured; name one with --region or AWS_REGION"
    : `the AWS region that is configured cannot be used (${told}); name another with --region or AWS_REGION`;
}
