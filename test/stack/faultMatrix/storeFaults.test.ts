import { it } from "vitest";
import type {
  DynamoFault,
  DynamoFaults,
  StatementFailure,
} from "../../../packages/aws-local/dynamodb/dynamoFaults.ts";
import type { SqsFaults } from "../../../packages/aws-local/sqs/sqsFaults.ts";
import { exceptionFault } from "../../../packages/chime-simulator/scriptedFault.ts";
import { runMatrix } from "./runMatrix.ts";
import { bRejected, meets, onB, orAskedOnceMore, served } from "./troubles.ts";

const unavailable = { kind: "refuse", status: 503, code: "ServiceUnavailable" } as const;
const throttled = { kind: "refuse", status: 400, code: "ProvisionedThroughputExceededException" } as const;
const failed = { kind: "refuse", status: 500, code: "InternalServerError" } as const;

const unanswered = { kind: "loseAnswer" } as const;
const unprocessed = { kind: "leaveUnprocessed", indexes: [0, 1] } as const;

/** Fails the first statement of a request. */
function fails(code: StatementFailure["code"], more: { takesEffect?: true } = {}): DynamoFault {
  return { kind: "failStatements", statements: [{ index: 0, code, ...more }] };
}

/** The requests of the operation that are struck. */
interface Strike {
  operation: "BatchGetItem" | "BatchExecuteStatement";
  count: number;
  fault: DynamoFault;
}

/** Heads are read first. Claims are written before the directory is called, and the journal right after. */
function strikes({ operation, count, fault }: Strike, isTime: () => boolean): DynamoFaults {
  let struck = 0;
  return (request) => {
    if (request.operation !== operation || struck === count || !isTime()) return undefined;
    struck += 1;
    return fault;
  };
}

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
  expect(orAskedOnceMore(rows.throttled, served(4, 4))).toEqual(served(4, 4));
});

const heads = (count: number, fault: DynamoFault): Strike => ({ operation: "BatchGetItem", count, fault });
const writes = (count: number, fault: DynamoFault): Strike => ({
  operation: "BatchExecuteStatement",
  count,
  fault,
});

/** With the most calls that carry a person. */
const outages: readonly [string, "before" | "after", Strike, number][] = [
  ["heads cannot be read", "before", heads(6, throttled), 1],
  ["heads are left unprocessed", "before", heads(2, unprocessed), 1],
  ["claims are throttled", "before", writes(6, throttled), 1],
  ["claims fail", "before", writes(6, failed), 1],
  ["the answers to claims are lost", "before", writes(2, unanswered), 1],
  ["a claim is throttled in its batch", "before", writes(2, fails("ThrottlingError")), 1],
  [
    "a claim is refused though nobody has changed the head",
    "before",
    writes(2, fails("ConditionalCheckFailed")),
    1,
  ],
  [
    "a claim fails after it took effect",
    "before",
    writes(1, fails("InternalServerError", { takesEffect: true })),
    1,
  ],
  ["the journal is not written", "after", writes(6, failed), 2],
  ["the answers of the journal are lost", "after", writes(2, unanswered), 1],
  [
    "an entry of the journal is throttled in its batch",
    "after",
    writes(2, fails("ProvisionedThroughputExceeded")),
    1,
  ],
  ["an entry is refused though there was none", "after", writes(1, fails("ConditionalCheckFailed")), 1],
  ["an entry fails in its batch", "after", writes(1, fails("InternalServerError")), 2],
  [
    "an entry fails after it took effect",
    "after",
    writes(1, fails("InternalServerError", { takesEffect: true })),
    2,
  ],
];

it.concurrent.for(outages)(
  "nobody is lost, and nobody acted for without a claim, when %s",
  async ([, time, strike, atMost], { expect, onTestFinished }) => {
    let hasCalled = false;
    const fault = () => {
      hasCalled = true;
      return undefined;
    };
    const rows = await runMatrix(
      { served: { ...two, fault } },
      { onClose: onTestFinished, dynamoFaults: strikes(strike, () => time === "before" || hasCalled) },
    );
    const { asked, ...rest } = rows.served;
    const { asked: _asked, ...expected } = served(1, 1);
    expect(rest).toEqual(expected);
    expect(Object.values(asked).every((times) => times >= 1 && times <= atMost)).toBe(true);
  },
);
