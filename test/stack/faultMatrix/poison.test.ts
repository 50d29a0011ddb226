import { expect, it, onTestFinished } from "vitest";
import { waitUntilIdle } from "../../../packages/aws-local/stack/waitUntilIdle.ts";
import { exceptionFault } from "../../../packages/chime-simulator/scriptedFault.ts";
import { batchCalls, startMatrix } from "./runMatrix.ts";
import { withB } from "./troubles.ts";

/** Many people, so that every reader of the queue finds `b` among others. */
const people = Array.from({ length: 50 }, (_, index) => (index === 33 ? "b" : `p${index}`));

/** A 400 that no model of the API knows, and that names itself in its body only. */
const foreign = exceptionFault("BadRequestException", {
  code: "ValidationException",
  withoutErrorTypeHeader: true,
});

const poisons = {
  BadRequestException: { event: "EmployeeLeft", fault: withB(exceptionFault("BadRequestException")) },
  UnprocessableEntityException: {
    event: "EmployeeHired",
    fault: withB(exceptionFault("UnprocessableEntityException")),
  },
  ValidationException: { event: "EmployeeLeft", fault: withB(foreign) },
} as const;
type Poison = keyof typeof poisons;

it("one poisonous entry among 50 is found in O(log n) calls, and no other message is retried", async () => {
  const troubles = {
    BadRequestException: { people, ...poisons.BadRequestException },
    UnprocessableEntityException: { people, ...poisons.UnprocessableEntityException },
    ValidationException: { people, ...poisons.ValidationException },
  };
  const retried: string[] = [];
  const { stack, read } = await startMatrix(troubles, {
    onClose: onTestFinished,
    onLog: ({ line }) => {
      const code = /"message":"retry".*"code":"(\w+)"/.exec(line)?.[1];
      if (code !== undefined) retried.push(code);
    },
  });
  await waitUntilIdle(stack);
  const rows = await read();
  // A table that is published slowly comes in more than the batch of each poller.
  const batches = Math.max(...stack.mappings.map((mapping) => mapping.activity().batches));
  const good = people.filter((person) => person !== "b");
  for (const [index, code] of (Object.keys(poisons) as Poison[]).entries()) {
    expect({ journal: rows[code].journal, dead: rows[code].dead }).toEqual({
      journal: { ...Object.fromEntries(good.map((person) => [person, "applied"])), b: "rejected" },
      dead: { b: code },
    });
    // One call for each batch that they came in, and two for each halving of the part with the culprit.
    const calls = batchCalls(stack, `account-${index}`);
    expect(calls.length).toBeLessThanOrEqual(batches + 2 * Math.ceil(Math.log2(50)));
  }
  // On a busy machine an invocation may run out of time, and what it had not come to is tried again.
  expect(retried.filter((code) => code in poisons)).toEqual([]);
});
