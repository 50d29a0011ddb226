import { ref } from "./cloudFormation.ts";

/** The variables that every function has, so that it can be observed. */
export const observedEnvironment = {
  LOG_LEVEL: "INFO",
  // A dimension of every metric: it keeps the stages of one AWS account apart.
  POWERTOOLS_SERVICE_NAME: ref("AWS::StackName"),
};
