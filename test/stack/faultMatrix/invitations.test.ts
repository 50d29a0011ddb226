import { times } from "@rollcall/simulated-service/planCombinators";
import { expect, it, onTestFinished } from "vitest";
import {
  exceptionFault,
  type FaultPlan,
  resetFault,
} from "../../../packages/chime-simulator/scriptedFault.ts";
import { runMatrix } from "./runMatrix.ts";
import { type Case, meets, onB, rowsOf, served } from "./troubles.ts";

const hire = (fault: FaultPlan, row: Omit<Case, "fault" | "event" | "people">): Case => ({
  event: "EmployeeHired",
  people: ["a", "b"],
  fault,
  ...row,
});

it("an invitation is sent once, whatever its response is", async () => {
  const cases = {
    "one fails": hire(
      times(1, onB({ kind: "invite", status: "Failed", emailStatus: "NotSent" })),
      served(1, 2),
    ),
    "one is recorded and its mail not sent": hire(
      times(1, onB({ kind: "invite", status: "Pending", emailStatus: "NotSent" })),
      served(1, 2),
    ),
    "the mail to one fails": hire(
      times(1, onB({ kind: "invite", status: "Pending", emailStatus: "Failed" })),
      served(1, 2),
    ),
    "one is not mentioned, and was not invited": hire(times(1, onB({ kind: "leftOut" })), served(1, 2)),
    "one is not mentioned, and was invited": hire(times(1, onB({ kind: "leftOut", takesEffect: true })), {
      asked: { a: 1, b: 1 },
      journal: { a: "applied", b: "unchanged" },
      dead: {},
    }),
    "the answer is lost": hire(meets(1, resetFault("after")), {
      asked: { a: 1, b: 1 },
      journal: { a: "unchanged", b: "unchanged" },
      dead: {},
    }),
    "the call breaks off before it takes effect": hire(meets(1, resetFault("before")), served(2, 2)),
    "the service fails": hire(meets(1, exceptionFault("ServiceFailureException")), served(2, 2)),
    "the call is throttled": hire(meets(1, exceptionFault("ThrottledClientException")), served(2, 2)),
  };
  const rows = await runMatrix(cases, { onClose: onTestFinished });
  expect(rows).toEqual(rowsOf(cases));
});
