/** For SQS, DynamoDB and EventBridge, which answer in milliseconds: three tries end well before an invocation does. */
export const clientTimeouts = {
  requestTimeout: 4_000,
  connectionTimeout: 1_000,
  throwOnRequestTimeout: true,
};
