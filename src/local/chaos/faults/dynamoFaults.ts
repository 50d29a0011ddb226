import { type Seed, seededFraction } from "../../chime/seededValues.ts";
import type { DynamoFault, DynamoFaults } from "../../dynamodb/withFaults.ts";

const throttle: DynamoFault = {
  kind: "refuse",
  status: 400,
  code: "ProvisionedThroughputExceededException",
};
const failure: DynamoFault = { kind: "refuse", status: 500, code: "InternalServerError" };
const lostAnswer: DynamoFault = { kind: "loseAnswer" };

/** Requests that follow each other and fail together: only a spell outlasts the SDK's own tries. */
const requestsOfASpell = 80;

/** Throttles, failures and lost answers at the ledger, by the number of the request. A run's own look at it is spared. */
export function dynamoFaults(seed: Seed): DynamoFaults {
  return ({ index, operation }) => (operation === "Scan" ? undefined : dynamoFault(seed, index));
}

/** The fault of the request with that number, from 0. */
export function dynamoFault(seed: Seed, index: number): DynamoFault | undefined {
  const isBadSpell = seededFraction(seed, `spell ${Math.floor(index / requestsOfASpell)}`) < 0.02;
  const scale = isBadSpell ? 0.07 : 1;
  const draw = seededFraction(seed, `dynamo ${index}`) * scale;
  if (draw < 0.01) return isBadSpell || draw < 0.005 ? throttle : failure;
  if (draw < 0.015) return lostAnswer;
  return isBadSpell && draw < 0.05 ? failure : undefined;
}
