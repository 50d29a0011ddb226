import type { WatchedCall } from "../directory/watchCalls.ts";
import { groupBy } from "../drain/groupBy.ts";
import type { Measurement } from "./metricTable.ts";

/** Calls in, what they say out: how many there were, how full they were, and how many were refused. */
export function measureCalls(calls: readonly WatchedCall[]): Measurement[] {
  const alike = groupBy(calls, ({ accountId, operation }) => JSON.stringify([accountId, operation]));
  return [...alike.values()].flatMap(measureAlike);
}

/** Calls of one account and operation. */
function measureAlike(calls: readonly WatchedCall[]): Measurement[] {
  const [first] = calls;
  if (first === undefined) return [];
  const dimensions = { account: first.accountId, operation: first.operation };
  const users = calls.flatMap((call) => (call.users === undefined ? [] : [call.users]));
  const refused = calls.filter((call) => call.refused).length;
  const measurements: Measurement[] = [{ name: "Calls", values: [calls.length], dimensions }];
  if (users.length > 0) {
    const sum = users.reduce((a, b) => a + b, 0);
    measurements.push({ name: "Users", values: [sum], dimensions });
    measurements.push({ name: "UsersPerCall", values: users, dimensions });
  }
  if (refused > 0) measurements.push({ name: "ConfigurationRefused", values: [refused], dimensions });
  return measurements;
}
