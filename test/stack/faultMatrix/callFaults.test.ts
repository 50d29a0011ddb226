import { describe, it } from "vitest";
import { waitUntilIdle } from "../../../packages/aws-local/stack/waitUntilIdle.ts";
import {
  bodyFault,
  exceptionFault,
  type FaultPlan,
  resetFault,
  userErrorsFault,
} from "../../../packages/chime-simulator/scriptedFault.ts";
import { runMatrix, startMatrix } from "./runMatrix.ts";
import { type Case, meets, orAskedOnceMore, rowsOf, served } from "./troubles.ts";

const leave = (fault: FaultPlan, row: Omit<Case, "fault" | "event" | "people">): Case => {
  return { event: "EmployeeLeft", people: ["a", "b"], fault, ...row };
};

const teapot = exceptionFault("SimulatorDefect", { status: 418, errorType: "Teapot", code: "Teapot" });

describe("a suspension whose call", () => {
  const cases = {
    "is refused once for no reason": leave(meets(1, exceptionFault("BadRequestException")), served(2, 2)),
    "meets a limit of resources": leave(
      meets(1, exceptionFault("ResourceLimitExceededException")),
      served(2, 2),
    ),
    "meets a conflict": leave(meets(1, exceptionFault("ConflictException")), served(2, 2)),
    "is throttled": leave(meets(1, exceptionFault("ThrottledClientException")), served(2, 2)),
    "is throttled as a 400": leave(
      meets(1, exceptionFault("ThrottledClientException", { status: 400 })),
      served(2, 2),
    ),
    "is throttled until the SDK gives up": leave(
      meets(3, exceptionFault("ThrottledClientException")),
      served(4, 4),
    ),
    "meets a failure of the service": leave(
      meets(1, exceptionFault("ServiceFailureException")),
      served(2, 2),
    ),
    "finds the service unavailable": leave(
      meets(1, exceptionFault("ServiceUnavailableException")),
      served(2, 2),
    ),
    "fails in a way that nobody knows": leave(meets(1, teapot), served(2, 2)),
    "breaks off before it takes effect": leave(meets(1, resetFault("before")), served(2, 2)),
    "breaks off after it took effect": leave(meets(1, resetFault("after")), served(2, 2)),
    "never gets an answer": leave(meets(3, resetFault("after")), served(4, 4)),
    "is answered with no JSON": leave(meets(1, bodyFault("<html>it works</html>")), served(2, 2)),
    "is answered with null": leave(meets(1, bodyFault("null")), served(2, 2)),
    "blames a stranger": leave(
      meets(1, userErrorsFault([{ UserId: "stranger", ErrorCode: "NotFound" }])),
      served(2, 2),
    ),
    "blames nobody in particular": leave(
      meets(1, userErrorsFault([{ ErrorCode: "Throttled" }])),
      served(2, 2),
    ),
  };

  it.concurrent("comes to the right end, whatever the service does", async ({ expect, onTestFinished }) => {
    const rows = await runMatrix(cases, { onClose: onTestFinished });
    const expected = rowsOf(cases);
    const alike = Object.entries(rows).map(([name, row]) => [
      name,
      orAskedOnceMore(row, expected[name] ?? row),
    ]);
    expect(Object.fromEntries(alike)).toEqual(expected);
  });

  it.concurrent("is made again when it is answered too late", async ({ expect, onTestFinished }) => {
    // Later than the client waits for, in AWS and here alone.
    const tooLate = { late: leave(meets(1, { delayMilliseconds: 11_000 }), served(2, 2)) };
    const { stack, read } = await startMatrix(tooLate, {
      onClose: onTestFinished,
      environment: { CLIENT_TIMEOUT_FACTOR: "1" },
    });
    await waitUntilIdle(stack);
    // The simulator logs the late call when it ends, a second after the client has given it up and tried again.
    await expect
      .poll(async () => orAskedOnceMore((await read()).late, tooLate.late))
      .toEqual(rowsOf(tooLate).late);
  });
});
