import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** What DynamoDB charges for: items written, and items read; a request that its condition refuses is charged too. */
export interface Cost {
  writes: number;
  reads: number;
  /** By their command. */
  requests: Record<string, number>;
}

/** Counts by item and not by request, as DynamoDB does, in front of the client's own retries. */
export function countCost(dynamo: DynamoDBClient): Cost {
  const cost: Cost = { writes: 0, reads: 0, requests: {} };
  dynamo.middlewareStack.add(
    (next, { commandName = "unknown" }) =>
      (request) => {
        count(cost, commandName, request.input);
        return next(request);
      },
    { step: "initialize" },
  );
  return cost;
}

function count(cost: Cost, commandName: string, input: object): void {
  cost.requests[commandName] = (cost.requests[commandName] ?? 0) + 1;
  const batches = "RequestItems" in input ? Object.values(input.RequestItems ?? {}) : [];
  switch (commandName) {
    case "PutItemCommand":
    case "UpdateItemCommand":
    case "DeleteItemCommand":
      cost.writes += 1;
      break;
    case "BatchExecuteStatementCommand":
      cost.writes += "Statements" in input && Array.isArray(input.Statements) ? input.Statements.length : 0;
      break;
    case "BatchWriteItemCommand":
      cost.writes += batches.reduce((sum, requests) => sum + requests.length, 0);
      break;
    case "GetItemCommand":
      cost.reads += 1;
      break;
    case "BatchGetItemCommand":
      cost.reads += batches.reduce((sum, { Keys }) => sum + Keys.length, 0);
      break;
    default:
      throw new RangeError(`expected a request whose cost is known; got ${commandName}`);
  }
}
