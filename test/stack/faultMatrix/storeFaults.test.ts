import { it } from "vitest";
import type { DynamoFault, DynamoFaults } from "../../../packages/aws-local/dynamodb/dynamoFaults.ts";
import type { SqsFaults } from "../../../packages/aws-local/sqs/sqsFaults.ts";
import { exceptionFault } from "../../../packages/chime-simulator/scriptedFault.ts";
import { runMatrix } from "./runMatrix.ts";
import { bRejected, meets, onB, served } from "./troubles.ts";

const unavailable = { kind: "refuse", status: 503, code: "ServiceUnavailable" } as const;
const throttled = { kind: "refuse", status: 400, code: "ProvisionedThroughputExceededException" } as const;
const failed = { kind: "refuse", status: 500, code: "InternalServerError" } as const;

/** Strikes the first requests of an operation. */
function first(count: number, operation: string, fault: DynamoFault): DynamoFaults {
  let struck = 0;
  return (request) => {
    if (request.operation !== operation || struck === count) return undefined;
    struck += 1;
    return fault;
  };
}

const passing = () => undefined;
const two = { event: "EmployeeLeft", people: ["a", "b"] } as const;
const rejectB = { ...two, fault: onB({ kind: "userError", code: "BadRequest" }) };

/** As often as the SDK tries, so that the function meets the fault. */
const threeTries = 3;

const refusals: readonly [string, SqsFaults][] = [
  ["refuses it", ({ index }) => (index < threeTries ? unavailable : undefined)],
  [
    "refuses it in a 200",
    ({ index, entries }) =>
      index === 0
        ? { kind: "refuseEntries", ids: entries.map(({ Id }) => Id), code: "InternalError" }
        : undefined,
  ],
];

it.concurrent.for(refusals)(
  "a dead letter finds its home later, if SQS %s at first, and is acknowledged only then",
  async ([, fault], { expect, onTestFinished }) => {
    const rows = await runMatrix(
      { rejected: rejectB },
      {
        onClose: onTestFinished,
        sqsFaults: (request) =>
          request.operation === "SendMessageBatch" && request.queue.endsWith("-offboard-dlq")
            ? fault(request)
            : undefined,
      },
    );
    expect(rows.rejected).toEqual(bRejected("BadRequest", 2));
  },
);

it.concurrent("a message whose back-off SQS does not take comes again all the same", async ({
  expect,
  onTestFinished,
}) => {
  const rows = await runMatrix(
    { throttled: { ...two, fault: meets(3, exceptionFault("ThrottledClientException")) } },
    {
      onClose: onTestFinished,
      sqsFaults: ({ operation }) => (operation === "ChangeMessageVisibilityBatch" ? unavailable : undefined),
    },
  );
  expect(rows.throttled).toEqual(served(4, 4));
});

const outages: readonly [string, DynamoFaults, number][] = [
  ["claims are throttled", first(6, "UpdateItem", throttled), 1],
  ["claims fail", first(6, "UpdateItem", failed), 1],
  ["the answers to claims are lost", first(2, "UpdateItem", { kind: "loseAnswer" }), 1],
  ["the journal is not written", first(6, "PutItem", failed), 2],
  ["the answers of the journal are lost", first(2, "PutItem", { kind: "loseAnswer" }), 1],
];

it.concurrent.for(outages)(
  "nobody is lost, and nobody acted for without a claim, when %s",
  async ([, dynamoFaults, atMost], { expect, onTestFinished }) => {
    const rows = await runMatrix(
      { served: { ...two, fault: passing } },
      { onClose: onTestFinished, dynamoFaults },
    );
    const { asked, ...rest } = rows.served;
    const { asked: _asked, ...expected } = served(1, 1);
    expect(rest).toEqual(expected);
    expect(Object.values(asked).every((times) => times >= 1 && times <= atMost)).toBe(true);
  },
);
