import { createHash } from "node:crypto";
import { pipelineNames } from "../../../src/pipelineSettings.ts";
import { callFault, permanentCode, poisonOf, transientFault } from "../../directories/chimeFaults.ts";
import { refusedStatus, scimCallFault, transientScimFault } from "../../directories/scimFaults.ts";
import { type HrEventLine, isDatedAhead } from "../drawDecisions.ts";
import type { Population } from "../population.ts";
import { plannedKill } from "./processKiller.ts";
import { deliveryFault, dynamoFault, putFault, sqsFault } from "./serviceFaults.ts";

/**
 * A digest of everything that a seed determines: the events in their order of arrival, and the faults of the first calls,
 * requests, deliveries and invocations. Two runs with the same digest have the same schedule.
 */
export function scheduleDigest(
  seed: number,
  arrivals: readonly HrEventLine[],
  { people, atScim }: Pick<Population, "people" | "atScim">,
): string {
  const digest = createHash("sha256");
  const add = (...parts: unknown[]) => digest.update(`${JSON.stringify(parts)}\n`);
  for (const arrival of arrivals) {
    const { detail, ...line } = arrival;
    const { effectiveAt: _, ...data } = detail.data;
    const { id } = detail.metadata;
    const timed = isDatedAhead(arrival) ? { id, email: data.email } : { ...detail.metadata, ...data };
    add(line, timed, deliveryFault(seed, id, 1));
  }
  for (const { email } of people) add(poisonOf(seed, email));
  for (const { email } of people)
    for (const operation of operationsOnUsers)
      add(permanentCode(seed, operation, email), transientFault(seed, operation, email, 1));
  for (const operation of operations) add(...upTo(1000, (nth) => callFault(seed, operation, nth + 1)));
  for (const { id } of atScim) {
    for (const { accountId, email } of people)
      if (accountId === id) add(refusedStatus(seed, email), transientScimFault(seed, email, 1));
    for (const operation of scimOperations)
      add(...upTo(1000, (nth) => scimCallFault(seed, operation, nth + 1)));
  }
  for (const name of pipelineNames) {
    add(...upTo(500, (nth) => plannedKill(seed, functionNamed(name), nth + 1)));
    for (const { operation, suffix } of sqsRequests)
      add(...upTo(500, (index) => sqsFault(seed, { operation, queue: `${name}${suffix}`, index, entries })));
  }
  add(...upTo(1000, (index) => putFault(seed, index)));
  for (const operation of dynamoOperations)
    add(...upTo(5000, (index) => dynamoFault(seed, { index, operation })));
  return digest.digest("hex").slice(0, 16);
}

const operationsOnUsers = [
  "BatchSuspendUser",
  "BatchUnsuspendUser",
  "BatchUpdateUser",
  "InviteUsers",
  "LogoutUser",
  "ResetPersonalPIN",
];
const operations = [...operationsOnUsers, "ListUsers", "GetAccount"];

const scimOperations = ["create", "patch", "bulk", "list", "read"];

const entries = [{ Id: "0" }, { Id: "1" }];
/** Requests to the queue of a pipeline, or to its dead-letter queue. */
const sqsRequests = [
  { operation: "DeleteMessageBatch", suffix: "" },
  { operation: "ChangeMessageVisibilityBatch", suffix: "" },
  { operation: "SendMessageBatch", suffix: "" },
  { operation: "SendMessageBatch", suffix: "-dlq" },
] as const;
const dynamoOperations = ["BatchExecuteStatement", "BatchGetItem", "PutItem"];
const functionNamed = (pipeline: string) => `rollcall-dev-${pipeline}`;

function upTo<T>(count: number, draw: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => draw(index));
}
