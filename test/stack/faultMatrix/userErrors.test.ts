import { times } from "@rollcall/simulated-service/planCombinators";
import { expect, it, onTestFinished } from "vitest";
import { userErrorCodes } from "../../../packages/chime-simulator/chimeApi.ts";
import { runMatrix } from "./runMatrix.ts";
import { bRejected, type Case, onB, rowsOf, served } from "./troubles.ts";

/** Permanent failures: one call, and a dead letter. */
const permanent = [
  "AccessDenied",
  "BadRequest",
  "Forbidden",
  "PhoneNumberAssociationsExist",
  "Unprocessable",
  "VoiceConnectorGroupAssociationsExist",
];
/** Failures that may be transient, those with an unknown code included: the user is tried again, alone. */
const passing = [
  "Conflict",
  "PreconditionFailed",
  "ResourceLimitExceeded",
  "ServiceFailure",
  "ServiceUnavailable",
  "Throttled",
  "Throttling",
  "NeverHeardOf",
];
/** Failures of the account, and of no user: see `accountFaults.test.ts`. */
const ofTheAccount = ["Unauthorized"];

it("each error code of one user has its own outcome, and delays nobody else", async () => {
  const person = { event: "EmployeeLeft", people: ["a", "b"] } as const;
  const lasting = (code: string) => onB({ kind: "userError", code });
  const cases: Record<string, Case> = {
    ...Object.fromEntries(
      permanent.map((code) => [code, { ...person, fault: lasting(code), ...bRejected(code, 1) }]),
    ),
    ...Object.fromEntries(
      passing.map((code) => [code, { ...person, fault: times(1, lasting(code)), ...served(1, 2) }]),
    ),
    // The id may be out of date, so the user is looked up by address and tried once more. Whom the directory shows still is in.
    NotFound: { ...person, fault: lasting("NotFound"), ...bRejected("NotFound", 2) },
  };
  const known = [...Object.keys(cases), ...ofTheAccount];
  expect(userErrorCodes.filter((code) => !known.includes(code))).toEqual([]);
  const rows = await runMatrix(cases, { onClose: onTestFinished });
  expect(rows).toEqual(rowsOf(cases));
});
