import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { readDepths } from "../../../packages/aws-local/stack/stackQueues.ts";
import { exceptionFault, type Fault } from "../../../packages/chime-simulator/scriptedFault.ts";
import { startMatrix, type Trouble } from "./runMatrix.ts";
import { onB } from "./troubles.ts";

const leave = (fault: Trouble["fault"]): Trouble => ({ event: "EmployeeLeft", people: ["a", "b"], fault });
const always = (fault: Fault) => leave(() => fault);

it("a call that the account refuses is made once, rejects nobody, and its messages stay in the queue for minutes", async () => {
  const troubles = {
    UnauthorizedClientException: always(exceptionFault("UnauthorizedClientException")),
    ForbiddenException: always(exceptionFault("ForbiddenException")),
    AccessDeniedException: always(exceptionFault("AccessDeniedException")),
    NotFoundException: always(exceptionFault("NotFoundException")),
    Unauthorized: leave(onB({ kind: "userError", code: "Unauthorized" })),
  };
  const { stack, read } = await startMatrix(troubles, { onClose: onTestFinished });
  const handled = () => stack.mappings.reduce((sum, mapping) => sum + mapping.activity().records, 0);
  while (handled() < 10) await sleep(100);
  // Longer than the longest first back-off of any other failure, so that an earlier retry would be seen.
  await sleep(7000);
  const refused = { asked: { a: 1, b: 1 }, journal: {}, dead: {} };
  expect(await read()).toEqual({
    UnauthorizedClientException: refused,
    ForbiddenException: refused,
    AccessDeniedException: refused,
    NotFoundException: refused,
    Unauthorized: { ...refused, journal: { a: "applied" } },
  });
  const depths = await readDepths(stack);
  expect([depths.find(({ queue }) => queue.endsWith("-offboard"))?.messages, handled()]).toEqual([9, 10]);
}, 180_000);
