import { devNull } from "node:os";

/**
 * The names that AWS reserves; a deployment that sets one of them fails.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
const reservedNames = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_DEFAULT_REGION",
  "AWS_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
]);

export interface FunctionIdentity {
  name: string;
  arn: string;
  handler: string;
  codeDirectory: string;
  memoryMegabytes: number;
}

/**
 * Returns the whole environment of a function's process: Lambda's variables and the function's own. Nothing of the
 * parent process is passed on, so no profile or proxy of a laptop gets in.
 *
 * @throws if `own` sets a reserved name, as a deployment would.
 */
export function environmentVariables(
  identity: FunctionIdentity,
  own: Readonly<Record<string, string>>,
  searchPath: string,
): Record<string, string> {
  const taken = Object.keys(own).filter((name) => reservedNames.has(name));
  if (taken.length > 0) {
    throw new Error(
      `${identity.name}: Lambda sets ${taken.join(", ")} itself and refuses a function that does. Remove ${taken.length === 1 ? "it" : "them"} from the function's environment.`,
    );
  }
  const region = regionOf(identity.arn);
  return {
    _HANDLER: identity.handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: identity.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(identity.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${identity.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "local",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SESSION_TOKEN: "local",
    // Without these the SDK would read the profile in the user's home directory.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    LAMBDA_TASK_ROOT: identity.codeDirectory,
    LANG: "en_US.UTF-8",
    TZ: "UTC",
    PATH: searchPath,
    ...own,
  };
}

function regionOf(arn: string): string {
  const region = arn.split(":")[3];
  if (!arn.startsWith("arn:") || !region) {
    throw new Error(
      `Expected a function's ARN, such as arn:aws:lambda:us-east-1:123456789012:function:offboard, but got "${arn}".`,
    );
  }
  return region;
}
